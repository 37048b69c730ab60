import json
import time
from urllib.parse import urlsplit

import _snowflake
import pandas
import requests
from aws_requests_auth.aws_auth import AWSRequestsAuth

URL = '{{url}}'
REGION = '{{region}}'

# Lambda's event limit is 6 MB, and the body is a JSON string in it: each quotation mark and backslash counts twice. The
# response has the same limit, and a greeting is longer than its name.
MAX_BYTES = 4_000_000

# Seconds before each retry when the service is throttled or unavailable; the query waits.
RETRY_DELAYS = (0.5, 1, 2)

# Shared by batches, so that the next batch reuses the connection.
connection = requests.Session()


def hello(frame):
    names = [None if pandas.isna(name) else name for name in frame[0]]
    return pandas.Series(greetings(names), dtype=object)


hello._sf_vectorized_input = pandas.DataFrame


def greetings(names, first=0):
    if not names:
        return []
    rows = {'data': [[number, name] for number, name in enumerate(names)]}
    body = json.dumps(rows, ensure_ascii=False, separators=(',', ':')).encode()
    if len(names) > 1 and len(body) + body.count(b'"') + body.count(b'\\') > MAX_BYTES:
        middle = len(names) // 2
        return greetings(names[:middle], first) + greetings(names[middle:], first + middle)
    return values_of(send_with_retries(body), len(names), first)


def send_with_retries(body):
    waits = iter(RETRY_DELAYS)
    renewed = False
    while True:
        answer, fault = post(body)
        if answer is not None:
            if answer.status_code == 200:
                return answer
            fault = f'hello failed with status {answer.status_code}: {error_message(answer)}'
            if not renewed and answer.headers.get('x-amzn-ErrorType', '').startswith('ExpiredToken'):
                renewed = True
                continue
        passes_by = answer is None or answer.status_code in (429, 503)
        wait = next(waits, None) if passes_by else None
        if wait is None:
            raise ValueError(fault)
        time.sleep(wait)


def post(body):
    # Read before each request and not cached: Snowflake renews the session and does not expose its expiration.
    session = _snowflake.get_cloud_provider_token('cred')
    auth = AWSRequestsAuth(
        aws_access_key=session.access_key_id,
        aws_secret_access_key=session.secret_access_key,
        aws_token=session.token,
        aws_host=urlsplit(URL).netloc,
        aws_region=REGION,
        aws_service='execute-api',
    )
    # Declares the body format. The other headers of an external function (name, query id, batch id) are omitted, because no
    # external function sent this request.
    headers = {'content-type': 'application/json', 'sf-external-function-format': 'json'}
    try:
        return connection.post(URL, data=body, headers=headers, auth=auth, timeout=30), None
    except requests.ConnectionError:
        # Also raised if the service closes a kept-alive connection while it is used.
        return None, f'hello could not connect to {urlsplit(URL).netloc}: is the host in the network rule, and the API deployed?'
    except requests.Timeout:
        raise ValueError('hello got no response within 30 seconds') from None


def values_of(answer, count, first):
    try:
        numbers, values = zip(*answer.json()['data'])
    except (ValueError, LookupError, TypeError):
        numbers, values = (), ()
    if list(numbers) != list(range(count)):
        raise ValueError(f'hello got a response without the {count} rows of the request')
    failed = [row for row, value in enumerate(values) if isinstance(value, dict) and 'error' in value]
    if failed:
        # A NULL would hide the error, and an error text would look like a greeting.
        row = failed[0]
        message = values[row]['error']['message']
        raise ValueError(f'hello failed in {len(failed)} of {count} rows, first in row {first + row + 1} of the batch: {message}')
    return list(values)


def error_message(answer):
    try:
        body = answer.json()
        error = body.get('error', body)
        # First line only: after a signature mismatch, the next lines contain the session token.
        return (error.get('message') or error['Message']).split('\n')[0]
    except (ValueError, LookupError, AttributeError):
        return answer.reason
