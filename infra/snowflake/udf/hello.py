from urllib.parse import urlsplit

import _snowflake
import requests
from aws_requests_auth.aws_auth import AWSRequestsAuth

URL = '{{url}}'
REGION = '{{region}}'


def hello(name):
    # Snowflake assumes the role of the security integration and renews its session.
    session = _snowflake.get_cloud_provider_token('cred')
    auth = AWSRequestsAuth(
        aws_access_key=session.access_key_id,
        aws_secret_access_key=session.secret_access_key,
        aws_token=session.token,
        aws_host=urlsplit(URL).netloc,
        aws_region=REGION,
        aws_service='execute-api',
    )
    answer = requests.post(URL, json={'name': name}, auth=auth, timeout=30)
    if answer.status_code != 200:
        raise ValueError(f'hello failed with status {answer.status_code}: {error_message(answer)}')
    return answer.json()


def error_message(answer):
    try:
        body = answer.json()
        error = body.get('error', body)
        # First line only: after a signature mismatch, the next lines contain the session token.
        return (error.get('message') or error['Message']).split('\n')[0]
    except (ValueError, LookupError, AttributeError):
        return answer.reason
