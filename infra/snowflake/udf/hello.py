from urllib.parse import urlsplit

import _snowflake
import requests
from aws_requests_auth.aws_auth import AWSRequestsAuth

URL = '{{url}}'
REGION = '{{region}}'


def hello(name):
    # Snowflake assumes the role of the security integration, and renews its session.
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
        raise ValueError(f'hello was refused with status {answer.status_code}: {words_of(answer)}')
    return answer.json()


def words_of(answer):
    try:
        told = answer.json()
        told = told.get('error', told)
        # First line only: after a wrong signature, what should have been signed follows, the session token within.
        return (told.get('message') or told['Message']).split('\n')[0]
    except (ValueError, LookupError, AttributeError):
        return answer.reason
