import json
import time
from urllib.parse import urlsplit

import _snowflake
import pandas
import requests
from aws_requests_auth.aws_auth import AWSRequestsAuth

URL = '{{url}}'
REGION = '{{region}}'

# Lambda takes an event of some 6 MB, in which the body is a string: each quotation mark and backslash counts twice. The
# answer has the same limit, and a greeting is longer than its name.
MOST_BYTES = 4_000_000

# Seconds before each further attempt when the service is busy or briefly away; the query waits meanwhile.
WAITS = (0.5, 1, 2)

# Outlives the batch: the next one finds the connection open.
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
    if len(names) > 1 and len(body) + body.count(b'"') + body.count(b'\\') > MOST_BYTES:
        middle = len(names) // 2
        return greetings(names[:middle], first) + greetings(names[middle:], first + middle)
    return values_of(answer_to(body), len(names), first)


def answer_to(body):
    waits = iter(WAITS)
    renewed = False
    while True:
        answer, fault = post(body)
        if answer is not None:
            if answer.status_code == 200:
                return answer
            fault = f'hello was refused with status {answer.status_code}: {words_of(answer)}'
            if not renewed and answer.headers.get('x-amzn-ErrorType', '').startswith('ExpiredToken'):
                renewed = True
                continue
        passes_by = answer is None or answer.status_code in (429, 503)
        wait = next(waits, None) if passes_by else None
        if wait is None:
            raise ValueError(fault)
        time.sleep(wait)


def post(body):
    # Asked for before each request, and not kept: Snowflake renews the session, and does not tell when it ends.
    session = _snowflake.get_cloud_provider_token('cred')
    auth = AWSRequestsAuth(
        aws_access_key=session.access_key_id,
        aws_secret_access_key=session.secret_access_key,
        aws_token=session.token,
        aws_host=urlsplit(URL).netloc,
        aws_region=REGION,
        aws_service='execute-api',
    )
    # Says how the body is to be read, which is true. The other headers of an external function, its name and the ids of
    # query and batch, would claim that one had sent this.
    headers = {'content-type': 'application/json', 'sf-external-function-format': 'json'}
    try:
        return connection.post(URL, data=body, headers=headers, auth=auth, timeout=30), None
    except requests.ConnectionError:
        # Also when the service closed the kept connection in the very moment of its use.
        return None, f'hello did not reach {urlsplit(URL).netloc}: is the host in the network rule, and the API deployed?'
    except requests.Timeout:
        raise ValueError('hello had no answer within 30 seconds') from None


def values_of(answer, count, first):
    try:
        numbers, values = zip(*answer.json()['data'])
    except (ValueError, LookupError, TypeError):
        numbers, values = (), ()
    if list(numbers) != list(range(count)):
        raise ValueError(f'hello had an answer that does not hold the {count} rows that were sent')
    failed = [row for row, value in enumerate(values) if isinstance(value, dict) and 'error' in value]
    if failed:
        # A NULL would hide it, and a text that is no greeting would be taken for one.
        row = failed[0]
        words = values[row]['error']['message']
        raise ValueError(f'hello failed in {len(failed)} of {count} rows, first in row {first + row + 1} of the batch: {words}')
    return list(values)


def words_of(answer):
    try:
        told = answer.json()
        told = told.get('error', told)
        # First line only: after a wrong signature, what should have been signed follows, the session token within.
        return (told.get('message') or told['Message']).split('\n')[0]
    except (ValueError, LookupError, AttributeError):
        return answer.reason
