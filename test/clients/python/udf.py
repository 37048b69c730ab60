"""Runs the body of a shipped UDF as Snowflake would, which hands it a session of the door role as `_snowflake`."""

import json
import sys
import types

import boto3
from botocore.exceptions import ClientError


def cloud_provider_token(order):
    keys = order["keys"]
    access_key_id, secret_access_key, token = keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken", "")
    if "door" in order:
        sts = boto3.client(
            "sts",
            endpoint_url=order["endpoint"],
            region_name=order["stsRegion"],
            aws_access_key_id=access_key_id,
            aws_secret_access_key=secret_access_key,
            aws_session_token=token or None,
        )
        door = order["door"]
        external_id = {"ExternalId": door["externalId"]} if "externalId" in door else {}
        session = sts.assume_role(RoleArn=door["roleArn"], RoleSessionName="snowflake", **external_id)["Credentials"]
        access_key_id, secret_access_key, token = (
            session["AccessKeyId"],
            session["SecretAccessKey"],
            session["SessionToken"],
        )
    return types.SimpleNamespace(
        access_key_id=access_key_id,
        secret_access_key=order.get("secretInstead", secret_access_key),
        token=token,
    )


def stand_in(order):
    module = types.ModuleType("_snowflake")

    def get_cloud_provider_token(alias):
        assert alias == "cred", alias
        session = cloud_provider_token(order)
        handed_out.extend(value for value in (session.secret_access_key, session.token) if value)
        return session

    module.get_cloud_provider_token = get_cloud_provider_token
    return module


order = json.load(sys.stdin)
handed_out = []
sys.modules["_snowflake"] = stand_in(order)
body = {}
exec(compile(order["body"], "hello.py", "exec"), body)
try:
    print(json.dumps({"words": json.dumps(body["hello"](order["name"]))}))
except ClientError as error:
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    told = error.response["Error"]
    print(json.dumps({"status": status, "errorType": told["Code"], "words": told["Message"]}))
except ValueError as error:
    # What it raises stands in the query history.
    assert not any(secret in str(error) for secret in handed_out), "the UDF's error tells a secret"
    print(json.dumps({"words": str(error)}))
