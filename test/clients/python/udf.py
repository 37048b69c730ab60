"""Runs the body of a shipped UDF as Snowflake would, which provides sessions of the caller role as `_snowflake`."""

import json
import sys
import types
from urllib.parse import urlsplit

import boto3
import requests
from botocore.exceptions import ClientError


def assume_caller_role(order):
    keys = order["keys"]
    if "callerRole" not in order:
        return keys
    sts = boto3.client(
        "sts",
        endpoint_url=order["endpoint"],
        region_name=order["stsRegion"],
        aws_access_key_id=keys["accessKeyId"],
        aws_secret_access_key=keys["secretAccessKey"],
        aws_session_token=keys.get("sessionToken"),
    )
    caller_role = order["callerRole"]
    external_id = {"ExternalId": caller_role["externalId"]} if "externalId" in caller_role else {}
    session = sts.assume_role(RoleArn=caller_role["roleArn"], RoleSessionName="snowflake", **external_id)["Credentials"]
    return {
        "accessKeyId": session["AccessKeyId"],
        "secretAccessKey": session["SecretAccessKey"],
        "sessionToken": session["SessionToken"],
    }


def snowflake_module(order):
    module = types.ModuleType("_snowflake")
    outdated = list(order.get("expiredSessions", []))

    def get_cloud_provider_token(alias):
        assert alias == "cred", alias
        keys = outdated.pop(0) if outdated else assume_caller_role(order)
        session = types.SimpleNamespace(
            access_key_id=keys["accessKeyId"],
            secret_access_key=order.get("secretOverride", keys["secretAccessKey"]),
            token=keys.get("sessionToken", ""),
        )
        handed_out.extend(value for value in (session.secret_access_key, session.token) if value)
        return session

    module.get_cloud_provider_token = get_cloud_provider_token
    return module


def send_here(hosts):
    """What the network would do: the host of the URL stays in the header that was signed."""
    send = requests.adapters.HTTPAdapter.send

    def redirected(adapter, request, **options):
        url = urlsplit(request.url)
        if url.scheme == "https":
            request.headers["Host"] = url.netloc
            request.url = hosts[url.netloc] + url.path
        return send(adapter, request, **options)

    requests.adapters.HTTPAdapter.send = redirected


def call(handler, batches):
    vectorized = getattr(handler, "_sf_vectorized_input", None)
    if vectorized is None:
        return [handler(*row) for rows in batches for row in rows]
    greeted = []
    for rows in batches:
        series = handler(vectorized(rows, columns=[0]))
        assert list(series.index) == list(range(len(rows))), "not one value for each row"
        greeted.extend(series)
    return greeted


order = json.load(sys.stdin)
handed_out = []
sys.modules["_snowflake"] = snowflake_module(order)
if "hosts" in order:
    send_here(order["hosts"])
body = {}
exec(compile(order["body"], "udf", "exec"), body)
try:
    print(json.dumps({"message": json.dumps(call(body[order["handler"]], order["batches"]), ensure_ascii=False)}))
except ClientError as error:
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    details = error.response["Error"]
    print(json.dumps({"status": status, "errorType": details["Code"], "message": details["Message"]}))
except ValueError as error:
    # Its errors appear in the query history.
    assert not any(secret in str(error) for secret in handed_out), "the UDF's error contains a secret"
    print(json.dumps({"message": str(error)}))
