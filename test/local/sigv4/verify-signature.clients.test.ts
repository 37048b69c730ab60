import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireRequest } from '../../../local/http.ts'
import { type VerifyingEndpoint, verifySignature } from '../../../local/sigv4/index.ts'
import {
  type Aws4UnsignedRequest,
  endpoint,
  longTerm,
  now,
  presignedBySmithy,
  rawHeadersOf,
  type SigningOptions,
  signedByAws4,
  signedBySmithy,
  stsEndpoint,
  temporary,
  type UnsignedRequest,
  utf8,
} from './foreign-signers.ts'

/** What real clients send, signed by signers that are not ours. */

interface ClientBehaviour {
  readonly habit: string
  readonly request: () => WireRequest | Promise<WireRequest>
  readonly at?: VerifyingEndpoint<string>
  readonly signedHeaders?: string
}

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
const smithy = (unsigned: UnsignedRequest, signing?: SigningOptions) => () => signedBySmithy(unsigned, signing)
const aws4 = (unsigned: Aws4UnsignedRequest, signing?: Parameters<typeof signedByAws4>[1]) => () =>
  signedByAws4(unsigned, signing)
const utf8Path = '/dev/%E6%97%A5%E6%9C%AC/%F0%9F%8C%8D'

/** The signed request with one thing done to it on its way. */
const then =
  (sign: () => WireRequest | Promise<WireRequest>, change: (request: WireRequest) => Partial<WireRequest>) =>
  async (): Promise<WireRequest> => {
    const request = await sign()
    return { ...request, ...change(request) }
  }
const withHeaders =
  (...more: string[]) =>
  ({ rawHeaders }: WireRequest) => ({ rawHeaders: [...rawHeaders, ...more] })

const clientBehaviours: readonly ClientBehaviour[] = [
  {
    habit: 'the JS SDK signs content-length, amz-sdk-* and x-amz-content-sha256 as well',
    request: smithy({
      method: 'POST',
      path: '/dev/hello',
      body: '{"name":"Alice"}',
      headers: { ...json, 'content-length': '16', 'amz-sdk-invocation-id': 'x', 'amz-sdk-request': 'attempt=1; max=3' },
    }),
    signedHeaders:
      'amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host;x-amz-content-sha256;x-amz-date',
  },
  {
    habit: 'the JS SDK leaves user-agent and x-amzn-trace-id unsigned',
    request: smithy({ headers: { 'user-agent': 'x', 'x-amzn-trace-id': 'Root=1', 'sec-fetch-mode': 'cors' } }),
    signedHeaders: 'host;x-amz-content-sha256;x-amz-date',
  },
  {
    habit: 'boto3 sends unsigned amz-sdk-*',
    request: then(aws4({ target: '/dev' }), withHeaders('amz-sdk-request', 'x')),
  },
  { habit: 'temporary credentials of the JS SDK sign their token', request: smithy({}, { credentials: temporary }) },
  {
    habit: 'temporary credentials of aws4 sign their token',
    request: aws4({ target: '/' }, { credentials: temporary }),
  },
  {
    habit: 'older signers append the token after signing',
    request: then(
      aws4({ target: '/dev/hello' }, { credentials: { ...longTerm, accessKeyId: temporary.accessKeyId } }),
      withHeaders('X-Amz-Security-Token', temporary.sessionToken),
    ),
    signedHeaders: 'host;x-amz-date',
  },
  {
    habit: 'aws-requests-auth and awscurl append x-amz-content-sha256 after signing',
    request: then(
      aws4({ method: 'POST', target: '/dev/hello', body: '{"name":"Alice"}', headers: json }),
      withHeaders('x-amz-content-sha256', 'a'.repeat(64)),
    ),
  },
  { habit: 'a port is part of the host that is signed', request: smithy({}, { host: '127.0.0.1:4571' }) },
  {
    habit: 'a base path of the endpoint is signed, with a trailing slash (JS SDK)',
    request: smithy({ path: '/sts/' }),
  },
  {
    habit: 'a base path of the endpoint is signed, without a trailing slash (boto3)',
    request: aws4({ target: '/sts' }),
  },
  { habit: 'a blank in the path is encoded twice', request: smithy({ path: '/dev/greetings/Ada%20Lovelace' }) },
  { habit: 'a path in any script is encoded twice (smithy)', request: smithy({ path: utf8Path }) },
  { habit: 'a path in any script is encoded twice (aws4)', request: aws4({ target: utf8Path }) },
  {
    habit: 'a path sent as raw UTF-8 is encoded byte by byte',
    request: then(smithy({ path: '/dev/日本/Zoë' }), () => ({ target: utf8('/dev/日本/Zoë') })),
  },
  {
    habit: 'sub-delimiters sent raw in the path are signed encoded (smithy)',
    request: smithy({ path: "/a@b:c/!$&'()*+,;=" }),
  },
  {
    habit: 'sub-delimiters sent raw in the path are signed encoded (aws4)',
    request: aws4({ target: "/a@b:c/!$&'()*+,;=" }),
  },
  { habit: 'an encoded slash stays inside its segment', request: smithy({ path: '/dev/a%2Fb' }) },
  { habit: 'doubled slashes are folded (smithy)', request: smithy({ path: '//dev///hello//' }) },
  { habit: 'doubled slashes are folded (aws4)', request: aws4({ target: '//dev///hello//' }) },
  { habit: 'dot segments are resolved (smithy)', request: smithy({ path: '/dev/./a/../hello' }) },
  { habit: 'dot segments are resolved (aws4)', request: aws4({ target: '/dev/./a/../hello' }) },
  {
    habit: 'a path that ends in a dot segment loses its slash, as smithy has it',
    request: smithy({ path: '/dev/a/..' }),
  },
  { habit: 'encoded dots are no dot segments', request: smithy({ path: '/dev/%2E%2E/x' }) },
  {
    habit: 'repeated, empty and odd query values keep their places (smithy)',
    request: smithy({ query: { b: ['2', '1', ''], a: '', 'a-b': '1', 'a/b': 'c=d&e', A: '~', ü: 'ß 日本' } }),
  },
  {
    habit: 'repeated, empty and odd query values keep their places (aws4)',
    request: aws4({ target: '/dev?b=2&b=1&b=&a&a-b=1&A=~&%C3%BC=%C3%9F%20x&star=*' }),
  },
  {
    habit: 'aws4 reads a raw + in the query as a blank too',
    request: aws4({ target: '/dev?plus=test+alias&real=1%2B1' }),
  },
  {
    habit: 'a blank may travel as + (requests, curl --data-urlencode)',
    request: smithy(
      { query: { q: 'a b  c', plus: '1+1' } },
      {
        writeQuery: (query) => new URLSearchParams(query).toString(),
      },
    ),
  },
  {
    habit: 'escapes in lower case, needless escapes, empty pieces and another order say the same query',
    request: then(smithy({ query: { a: 'x/y', b: '' } }), () => ({ target: '/?&b&&%61=x%2fy&' })),
  },
  {
    habit: 'header values are trimmed and their blanks folded',
    request: smithy({ headers: { 'x-amz-meta': '  a   b \t c  ', 'x-plain': 'd  e' } }),
  },
  {
    habit: 'a header sent twice is joined with a comma, in the order sent',
    request: aws4({ target: '/dev', headers: { 'X-Amz-Meta': ['b', 'a'] } }),
  },
  {
    habit: 'a header in UTF-8 is hashed as the bytes it has, a last byte A0 included',
    request: smithy({ headers: { 'x-name': 'voilà' } }),
  },
  {
    habit: 'header names may travel in any case',
    request: then(smithy({ headers: json }), ({ rawHeaders }) => ({
      rawHeaders: rawHeaders.map((text, at) => (at % 2 === 0 ? text.toUpperCase() : text)),
    })),
  },
  {
    habit: 'Credential, SignedHeaders and Signature come in any order, with or without blanks after the commas',
    request: then(aws4({ target: '/dev' }), ({ rawHeaders }) => ({
      rawHeaders: rawHeaders.map((text) =>
        text.replace(/^(AWS4-HMAC-SHA256) (Cred.*), (Signed.*), (Signature.*)$/, '$1 $4,$3,   $2'),
      ),
    })),
  },
  {
    habit: 'a body of bytes that are no text is hashed as it is',
    request: smithy({ method: 'PUT', body: new Uint8Array([0, 255, 200]) }),
  },
  {
    habit: 'STS takes a form with %20 for a blank (JS SDK)',
    at: stsEndpoint,
    request: smithy(
      { method: 'POST', body: 'Action=AssumeRole&RoleSessionName=a%20b', headers: form },
      { service: 'sts' },
    ),
  },
  {
    habit: 'STS takes a form with + for a blank (boto3)',
    at: stsEndpoint,
    request: aws4({ method: 'POST', target: '/', body: 'Action=AssumeRole&RoleSessionName=a+b' }, { service: 'sts' }),
  },
  ...[-300, 300].map((seconds) => ({
    habit: `a clock ${seconds} seconds off is within the five minutes`,
    request: smithy({}, { date: new Date(now.getTime() + seconds * 1000) }),
  })),
  ...[-900, 900].map((seconds) => ({
    habit: `a clock ${seconds} seconds off is within the fifteen minutes of STS`,
    at: stsEndpoint,
    request: smithy({}, { service: 'sts', date: new Date(now.getTime() + seconds * 1000) }),
  })),
  {
    habit: 'a presigned GET signs its host alone (smithy)',
    request: () => presignedBySmithy({ path: '/dev/hello', query: { name: 'Zoë', n: ['2', '1'] } }),
    signedHeaders: 'host',
  },
  {
    habit: 'a presigned GET carries the token in its query (smithy)',
    request: () => presignedBySmithy({ path: '/dev/hello' }, { credentials: temporary }),
  },
  {
    habit: 'a presigned GET carries the token in its query (aws4, which sets no X-Amz-Expires)',
    request: aws4({ target: '/dev/hello?name=Zo%C3%AB' }, { credentials: temporary, signQuery: true }),
  },
  {
    habit: 'a presigned POST signs the hash of its body where the signer knew it',
    request: () => presignedBySmithy({ method: 'POST', body: '{"name":"Alice"}' }),
  },
  {
    habit: 'a presigned request lasts a week at the most, and to its last second',
    request: () => presignedBySmithy({}, { expiresIn: 604_800, date: new Date(now.getTime() - 604_800_000) }),
  },
]

for (const { habit, request, at = endpoint(), signedHeaders } of clientBehaviours) {
  test(`accepted: ${habit}`, async () => {
    const verdict = verifySignature(await request(), at)
    assert.ok(verdict.verified, JSON.stringify(verdict, undefined, 2))
    if (signedHeaders !== undefined) assert.equal(verdict.signedHeaders.join(';'), signedHeaders)
  })
}

test('a verdict names the key, its owner and the form', async () => {
  assert.deepEqual(verifySignature(await signedBySmithy({}, { credentials: temporary }), endpoint()), {
    verified: true,
    owner: 'session',
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    form: 'header',
    signedHeaders: ['host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'],
  })
  assert.deepEqual(verifySignature(await presignedBySmithy({}), endpoint()), {
    verified: true,
    owner: 'user',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    form: 'query',
    signedHeaders: ['host'],
  })
})

/** What the signers would sign and this verifier, with AWS, does not take. */
const rejections: readonly { readonly reason: string; readonly request: () => WireRequest | Promise<WireRequest> }[] = [
  {
    reason: 'smithy signs UNSIGNED-PAYLOAD when configured to, which only S3 accepts',
    request: smithy({ method: 'POST', body: 'x', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }),
  },
  {
    reason: 'aws4 signs whatever hash x-amz-content-sha256 holds, and the body has another',
    request: aws4({ method: 'POST', target: '/', body: 'x', headers: { 'X-Amz-Content-Sha256': 'a'.repeat(64) } }),
  },
  {
    reason: 'a body added to a presigned request that signed an empty one is not signed',
    request: then(
      () => presignedBySmithy({ method: 'POST' }),
      () => ({ body: Buffer.from('{}') }),
    ),
  },
  {
    reason: 'a second X-Amz-Signature in a presigned query is not signed',
    request: then(
      () => presignedBySmithy({}),
      ({ target }) => ({ target: `${target}&X-Amz-Signature=x` }),
    ),
  },
  {
    reason: 'the presigned form leaves only its signature out: a token appended after signing is not signed',
    request: then(
      () => presignedBySmithy({}, { credentials: { ...longTerm, accessKeyId: temporary.accessKeyId } }),
      ({ target }) => ({ target: `${target}&X-Amz-Security-Token=${encodeURIComponent(temporary.sessionToken)}` }),
    ),
  },
  {
    reason: 'a method in lower case is another method',
    request: then(smithy({}), () => ({ method: 'get' })),
  },
  {
    reason: 'header values sent in another order are another value',
    request: then(aws4({ target: '/', headers: { 'X-Amz-Meta': ['b', 'a'] } }), ({ rawHeaders }) => ({
      rawHeaders: [
        ...rawHeadersOf({ 'X-Amz-Meta': 'a' }),
        ...rawHeaders.filter((_, at, all) => {
          const name = at - (at % 2)
          return !(all[name] === 'X-Amz-Meta' && all[name + 1] === 'a')
        }),
      ],
    })),
  },
]

for (const { reason, request } of rejections) {
  test(`rejected: ${reason}`, async () => {
    const verdict = verifySignature(await request(), endpoint())
    assert.ok(!verdict.verified)
    assert.deepEqual([verdict.rejection.check, verdict.rejection.code], ['signature', 'SignatureDoesNotMatch'])
  })
}

/** aws4 dates a request by its Date header and signs the ISO form of it. */
const datedByHttp = (signsDate: boolean) =>
  signedByAws4({
    target: '/dev/hello',
    headers: { Date: 'Thu, 15 Jan 2026 10:11:12 GMT' },
    doNotModifyHeaders: true,
    extraHeadersToIgnore: signsDate ? {} : { date: true },
  })

test('without X-Amz-Date, a Date header in HTTP’s own form dates the request', () => {
  assert.equal(verifySignature(datedByHttp(true), endpoint()).verified, true)
  assert.equal(verifySignature(datedByHttp(false), endpoint()).verified, true)
})

test('without X-Amz-Date, a Date header in ISO basic form dates the request', () => {
  const { rawHeaders, ...rest } = datedByHttp(false)
  const inIso = rawHeaders.map((text) => (text === 'Thu, 15 Jan 2026 10:11:12 GMT' ? '20260115T101112Z' : text))
  assert.equal(verifySignature({ ...rest, rawHeaders: inIso }, endpoint()).verified, true)
})

test('an unsigned Date header cannot be changed: the string to sign holds it', () => {
  const { rawHeaders, ...rest } = datedByHttp(false)
  const later = rawHeaders.map((text) => text.replace('10:11:12', '10:11:13'))
  const verdict = verifySignature({ ...rest, rawHeaders: later }, endpoint())
  assert.equal(verdict.verified ? '' : verdict.rejection.check, 'signature')
})
