"""Runs the handler of a Python UDF for the rows of one query, as the JSON on standard input says; answers on standard output."""

import json
import os
import sys
import types
from urllib.parse import urlsplit

invocation = json.load(sys.stdin)
answer, sys.stdout = sys.stdout, sys.stderr  # what the body prints is no answer

# Behind everything that is installed: they stand in for what is not.
sys.path.append(os.path.join(os.path.dirname(__file__), 'shims'))


def snowflake_module():
    """https://docs.snowflake.com/en/developer-guide/external-network-access/secret-api-reference"""

    def get_cloud_provider_token(alias):
        keys = invocation['credentials'][alias]
        return types.SimpleNamespace(
            access_key_id=keys['accessKeyId'], secret_access_key=keys['secretAccessKey'], token=keys.get('sessionToken', '')
        )

    module = types.ModuleType('_snowflake')
    module.get_cloud_provider_token = get_cloud_provider_token
    return module


def route_to_stack(hosts):
    """The hosts of the network rules are served by the local stack, under the name that was signed; others are not reached."""
    import requests

    send = requests.adapters.HTTPAdapter.send

    def redirected(adapter, request, **options):
        url = urlsplit(request.url)
        if url.netloc not in hosts:
            raise requests.ConnectionError(f'{url.netloc} is not served by the local stack, or in no network rule')
        request.headers['Host'] = url.netloc
        request.url = url._replace(scheme='http', netloc=hosts[url.netloc]).geturl()
        return send(adapter, request, **options)

    requests.adapters.HTTPAdapter.send = redirected


def results_of(handler, rows):
    vectorized = getattr(handler, '_sf_vectorized_input', None)
    if vectorized is None:
        return [handler(*row) for row in rows]
    return list(handler(vectorized(rows)))


try:
    sys.modules['_snowflake'] = snowflake_module()
    route_to_stack(invocation['hosts'])
    body = {}
    exec(compile(invocation['body'], 'udf', 'exec'), body)
    result = {'results': results_of(body[invocation['handler']], invocation['rows'])}
except ModuleNotFoundError as error:
    result = {'missing': error.name}
except Exception as error:
    result = {'error': f'{type(error).__name__}: {error}'}
json.dump(result, answer, ensure_ascii=False)
