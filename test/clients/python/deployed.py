"""Prints as JSON what an AWS account holds of the service, as boto3 sees it."""

import ast
import json
import sys

import boto3
from botocore.exceptions import ClientError

stack_name = sys.argv[1]
cloudformation, iam, gateway, functions, s3 = (
    boto3.client(name) for name in ("cloudformation", "iam", "apigateway", "lambda", "s3")
)


def document(policy):
    """moto gives inline policies as the text of a Python dictionary."""
    return ast.literal_eval(policy) if isinstance(policy, str) else policy


def role(name):
    described = iam.get_role(RoleName=name)["Role"]
    names = iam.list_role_policies(RoleName=name)["PolicyNames"]
    policies = {one: iam.get_role_policy(RoleName=name, PolicyName=one)["PolicyDocument"] for one in names}
    return {
        "path": described["Path"],
        "trust": described["AssumeRolePolicyDocument"],
        "policies": {one: document(policy) for one, policy in policies.items()},
    }


def api(rest_api):
    resources = gateway.get_resources(restApiId=rest_api)["items"]
    methods = [
        gateway.get_method(restApiId=rest_api, resourceId=resource["id"], httpMethod=method)
        | {"path": resource["path"]}
        for resource in resources
        for method in resource.get("resourceMethods", {})
    ]
    return {
        "methods": [
            [one["httpMethod"], one["path"], one["authorizationType"], one["methodIntegration"]["uri"]]
            for one in methods
        ],
        "stages": [
            {"name": stage["stageName"], "deployment": stage["deploymentId"]}
            for stage in gateway.get_stages(restApiId=rest_api)["item"]
        ],
    }


def function(configuration):
    name = configuration["FunctionName"]
    policy = json.loads(functions.get_policy(FunctionName=name)["Policy"])
    return {
        "runtime": configuration["Runtime"],
        "handler": configuration["Handler"],
        "role": configuration["Role"],
        "code": configuration["CodeSha256"],
        "variables": sorted(configuration.get("Environment", {}).get("Variables", {})),
        "invokers": [
            [statement["Principal"], statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn")]
            for statement in policy["Statement"]
        ],
    }


try:
    stack = cloudformation.describe_stacks(StackName=stack_name)["Stacks"][0]
    template = cloudformation.get_template(StackName=stack_name)["TemplateBody"]
except ClientError as error:
    stack, template = {"StackStatus": error.response["Error"]["Message"]}, None

print(
    json.dumps(
        {
            "stack": stack["StackStatus"],
            "template": template,
            "roles": {one["RoleName"]: role(one["RoleName"]) for one in iam.list_roles()["Roles"]},
            "apis": {one["id"]: api(one["id"]) for one in gateway.get_rest_apis()["items"]},
            "functions": {one["FunctionName"]: function(one) for one in functions.list_functions()["Functions"]},
            "buckets": [one["Name"] for one in s3.list_buckets()["Buckets"]],
        }
    )
)
