"""Signature version 4 under the name of aws-requests-auth, for machines that do not have it."""

import hashlib
import hmac
from datetime import datetime, timezone
from urllib.parse import parse_qsl, quote, urlsplit

import requests


def _mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class AWSRequestsAuth(requests.auth.AuthBase):
    def __init__(self, aws_access_key, aws_secret_access_key, aws_host, aws_region, aws_service, aws_token=None):
        self.key_id, self.secret, self.token = aws_access_key, aws_secret_access_key, aws_token
        self.host, self.region, self.service = aws_host, aws_region, aws_service

    def __call__(self, request):
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
        moment = datetime.now(timezone.utc).strftime('%Y%m%dT%H%M%SZ')
        signed = {'host': self.host, 'x-amz-date': moment}
        if self.token:
            signed['x-amz-security-token'] = self.token
        names = ';'.join(sorted(signed))
        body = request.body or b''
        digest = hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest()
        url = urlsplit(request.url)
        query = sorted((quote(name, safe='-_.~'), quote(value, safe='-_.~')) for name, value in parse_qsl(url.query, True))
        canonical = [
            request.method,
            quote(url.path or '/', safe='/-_.~'),
            '&'.join(f'{name}={value}' for name, value in query),
            *(f'{name}:{signed[name]}' for name in sorted(signed)),
            '',
            names,
            digest,
        ]
        scope = f'{moment[:8]}/{self.region}/{self.service}/aws4_request'
        hashed = hashlib.sha256('\n'.join(canonical).encode()).hexdigest()
        key = f'AWS4{self.secret}'.encode()
        for part in scope.split('/'):
            key = _mac(key, part)
        signature = _mac(key, '\n'.join(['AWS4-HMAC-SHA256', moment, scope, hashed])).hex()
        request.headers.update({name: value for name, value in signed.items() if name != 'host'})
        request.headers['Authorization'] = (
            f'AWS4-HMAC-SHA256 Credential={self.key_id}/{scope}, SignedHeaders={names}, Signature={signature}'
        )
        return request
