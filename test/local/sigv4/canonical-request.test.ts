import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireRequest } from '../../../local/http.ts'
import { hashByteString, hashPayload, writeCanonicalRequest } from '../../../local/sigv4/canonical-request.ts'
import { verifySignature } from '../../../local/sigv4/index.ts'
import { createCanonicalRequest } from '../../../local/sigv4/signature-check.ts'
import { readSignedRequest } from '../../../local/sigv4/signed-request.ts'
import { signature, signingKey } from '../../../local/sigv4/signing-key.ts'
import { stringToSign } from '../../../local/sigv4/string-to-sign.ts'
import { endpoint, host, secretAccessKey, sessionToken, stsEndpoint, wireRequest } from './foreign-signers.ts'

/**
 * Three requests calculated manually and confirmed by two independent implementations: secret
 * wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY, date 20260115T101112Z, region eu-central-1.
 */
interface WorkedExample {
  readonly is: string
  readonly request: WireRequest
  readonly at: typeof stsEndpoint
  readonly canonicalRequest?: string
  readonly bodyHash?: string
  readonly canonicalHash: string
  readonly signingKey?: string
  readonly signature: string
}

const authorization = (keyId: string, service: string, signedHeaders: string, value: string) =>
  `AWS4-HMAC-SHA256 Credential=${keyId}/20260115/eu-central-1/${service}/aws4_request, SignedHeaders=${signedHeaders}, Signature=${value}`

const greeting: WorkedExample = {
  is: 'GET with a blank in the path, repeated and valueless query names, temporary credentials',
  at: endpoint(),
  request: wireRequest({
    target: '/dev/greetings/Ada%20Lovelace?verbose&lang=fr&lang=en',
    rawHeaders: [
      'Host',
      host,
      'X-Amz-Date',
      '20260115T101112Z',
      'X-Amz-Security-Token',
      sessionToken,
      'Authorization',
      authorization(
        'ASIAIOSFODNN7EXAMPLE',
        'execute-api',
        'host;x-amz-date;x-amz-security-token',
        '60fd5d815d32c752248265e89ef41f9a7c93b86502894cabfe727cc1ea3c1cc9',
      ),
    ],
  }),
  canonicalRequest: `\
GET
/dev/greetings/Ada%2520Lovelace
lang=en&lang=fr&verbose=
host:a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com
x-amz-date:20260115T101112Z
x-amz-security-token:FwoGZXIvYXdzEXAMPLE==

host;x-amz-date;x-amz-security-token
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855`,
  canonicalHash: '8038c5be68b7f175c091899ee9420086fc2ad315fc51fe2d1ba30fcd1d7fdc0f',
  signingKey: 'f56f07f3be1d12c979e8281e541d6244f91135e796f8aebdb9a8eaf8328ea7c6',
  signature: '60fd5d815d32c752248265e89ef41f9a7c93b86502894cabfe727cc1ea3c1cc9',
}

const invocation: WorkedExample = {
  is: 'POST of JSON with a letter beyond ASCII, long-term key',
  at: endpoint(),
  request: wireRequest({
    method: 'POST',
    target: '/dev/invoke',
    rawHeaders: [
      'content-type',
      'application/json',
      'host',
      host,
      'x-amz-date',
      '20260115T101112Z',
      'authorization',
      authorization(
        'AKIAIOSFODNN7EXAMPLE',
        'execute-api',
        'content-type;host;x-amz-date',
        '7674ed6ce520b0bc82752c915c598957f3257ecf5cfa2c00a1a022aa6832dc0b',
      ),
    ],
    body: Buffer.from('{"name":"Zoë"}'),
  }),
  bodyHash: '6bd0ee7972d372ec1f8a3cc44302e5449751305d73c2b69b5a79c62f88a4ca77',
  canonicalHash: '59db83462a7a63bc4aed12b4c0902069bd355c6aa16cac230aeb64a6bffc62e9',
  signature: '7674ed6ce520b0bc82752c915c598957f3257ecf5cfa2c00a1a022aa6832dc0b',
}

const callerIdentity: WorkedExample = {
  is: 'GetCallerIdentity as a form to STS, long-term key',
  at: stsEndpoint,
  request: wireRequest({
    method: 'POST',
    target: '/',
    rawHeaders: [
      'content-type',
      'application/x-www-form-urlencoded; charset=utf-8',
      'host',
      'sts.eu-central-1.amazonaws.com',
      'x-amz-date',
      '20260115T101112Z',
      'authorization',
      authorization(
        'AKIAIOSFODNN7EXAMPLE',
        'sts',
        'content-type;host;x-amz-date',
        '66e1745feac0159eba275f2318f874775303eadd21e73343c5daf92d0e0c3b41',
      ),
    ],
    body: Buffer.from('Action=GetCallerIdentity&Version=2011-06-15'),
  }),
  canonicalHash: '0a48e62e7175ebfb8596f6a34b9ee1ee9ab7193c5942797c3ca5fa9daca62ebe',
  signingKey: '80815af37ad6fefea006520e60a8f9803f1a11bb4d007ce1e6007a815b2fe761',
  signature: '66e1745feac0159eba275f2318f874775303eadd21e73343c5daf92d0e0c3b41',
}

for (const example of [greeting, invocation, callerIdentity]) {
  test(`worked example: ${example.is}: every intermediate value is the published one`, () => {
    const attempt = readSignedRequest(example.request, example.at)
    const { claimedSignature, credential } = attempt
    assert.ok(typeof claimedSignature !== 'string' && credential !== undefined)
    const canonicalRequest = writeCanonicalRequest(createCanonicalRequest(attempt, claimedSignature))
    const key = signingKey(secretAccessKey, credential)
    const toSign = stringToSign({ date: '20260115T101112Z', credential, canonicalRequest })

    if (example.canonicalRequest !== undefined) assert.equal(canonicalRequest, example.canonicalRequest)
    if (example.bodyHash !== undefined) assert.equal(hashPayload(example.request.body), example.bodyHash)
    assert.equal(hashByteString(canonicalRequest), example.canonicalHash)
    if (example.signingKey !== undefined) assert.equal(key.export().toString('hex'), example.signingKey)
    assert.equal(signature(key, toSign), example.signature)
  })

  test(`worked example: ${example.is}: verifies`, () => {
    assert.equal(verifySignature(example.request, example.at).verified, true)
  })
}

test('the string to sign has four lines: algorithm, date, scope, hash', () => {
  const scope = { day: '20260115', region: 'eu-central-1', service: 'execute-api', terminator: 'aws4_request' }
  assert.equal(
    stringToSign({ date: '20260115T101112Z', credential: scope, canonicalRequest: greeting.canonicalRequest ?? '' }),
    `AWS4-HMAC-SHA256
20260115T101112Z
20260115/eu-central-1/execute-api/aws4_request
8038c5be68b7f175c091899ee9420086fc2ad315fc51fe2d1ba30fcd1d7fdc0f`,
  )
})
