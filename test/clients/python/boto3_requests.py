"""A caller in another account: boto3 assumes the caller role, requests-aws4auth signs a PUT."""

import json
import sys

import boto3
import requests
from botocore.exceptions import ClientError
from requests_aws4auth import AWS4Auth


def assume_caller_role(order):
    keys = order["keys"]
    if "callerRole" not in order:
        return keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken")
    sts = boto3.client(
        "sts",
        endpoint_url=order["endpoint"],
        region_name=order["region"],
        aws_access_key_id=keys["accessKeyId"],
        aws_secret_access_key=keys["secretAccessKey"],
        aws_session_token=keys.get("sessionToken"),
    )
    caller_role = order["callerRole"]
    external_id = {"ExternalId": caller_role["externalId"]} if "externalId" in caller_role else {}
    session = sts.assume_role(RoleArn=caller_role["roleArn"], RoleSessionName="boto3", **external_id)["Credentials"]
    return session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]


def call(order):
    key, secret, token = assume_caller_role(order)
    secret = order.get("secretOverride", secret)
    auth = AWS4Auth(key, secret, order["region"], order["service"], session_token=token)
    answer = requests.put(order["endpoint"] + order["path"], auth=auth, json={"name": order["name"]}, timeout=30)
    outcome = {"status": answer.status_code, "message": answer.text}
    if "x-amzn-ErrorType" in answer.headers:
        outcome["errorType"] = answer.headers["x-amzn-ErrorType"]
    return outcome


try:
    print(json.dumps(call(json.load(sys.stdin))))
except ClientError as error:
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    details = error.response["Error"]
    print(json.dumps({"status": status, "errorType": details["Code"], "message": details["Message"]}))
