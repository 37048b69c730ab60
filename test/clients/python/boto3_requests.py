"""A caller in another account: boto3 assumes the door role, requests-aws4auth signs a PUT."""

import json
import sys

import boto3
import requests
from botocore.exceptions import ClientError
from requests_aws4auth import AWS4Auth


def enter(order):
    keys = order["keys"]
    if "door" not in order:
        return keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken")
    sts = boto3.client(
        "sts",
        endpoint_url=order["endpoint"],
        region_name=order["region"],
        aws_access_key_id=keys["accessKeyId"],
        aws_secret_access_key=keys["secretAccessKey"],
        aws_session_token=keys.get("sessionToken"),
    )
    door = order["door"]
    external_id = {"ExternalId": door["externalId"]} if "externalId" in door else {}
    session = sts.assume_role(RoleArn=door["roleArn"], RoleSessionName="boto3", **external_id)["Credentials"]
    return session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]


def call(order):
    key, secret, token = enter(order)
    secret = order.get("secretInstead", secret)
    auth = AWS4Auth(key, secret, order["region"], order["service"], session_token=token)
    answer = requests.put(order["endpoint"] + order["path"], auth=auth, json={"name": order["name"]}, timeout=30)
    outcome = {"status": answer.status_code, "words": answer.text}
    if "x-amzn-ErrorType" in answer.headers:
        outcome["errorType"] = answer.headers["x-amzn-ErrorType"]
    return outcome


try:
    print(json.dumps(call(json.load(sys.stdin))))
except ClientError as error:
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    told = error.response["Error"]
    print(json.dumps({"status": status, "errorType": told["Code"], "words": told["Message"]}))
