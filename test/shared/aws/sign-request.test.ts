import assert from 'node:assert/strict'
import { createHash, createHmac } from 'node:crypto'
import { test } from 'node:test'
import aws4 from 'aws4'
import fc from 'fast-check'
import { verifySignature } from '../../../local/sigv4/index.ts'
import { createRequestSigner } from '../../../shared/aws/sign-request.ts'
import { Sha256 } from '../../../shared/aws/smithy-sha256.ts'
import { uriEncode } from '../../../shared/aws/uri-encode.ts'
import { propertyRuns } from '../../property-runs.ts'

const credentials = {
  accessKeyId: 'ASIAEXAMPLE000000001',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjE//+token==',
}
const signingDate = new Date('2026-01-15T10:11:12Z')

const bytes = fc.uint8Array({ maxLength: 64 })
const request = fc.record(
  {
    method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'),
    host: fc.constantFrom('db.example.com', 'db.example.com:8182', '127.0.0.1:4566'),
    path: fc
      .array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }).map(uriEncode), { maxLength: 3 })
      .map((all) => `/${all.join('/')}`),
    query: fc.dictionary(
      fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 4 })
        .filter((key) => key !== '__proto__' && !/^x-amz-/i.test(key)),
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 6 }),
        fc.array(fc.string({ unit: 'grapheme', maxLength: 3 }), { minLength: 1, maxLength: 3 }),
      ),
      { maxKeys: 3 },
    ),
    headers: fc.dictionary(fc.constantFrom('x-note', 'content-type', 'accept'), fc.stringMatching(/^[ -~]{0,12}$/), {
      maxKeys: 2,
    }),
    body: bytes,
  },
  { requiredKeys: ['method', 'host', 'path', 'query', 'headers'] },
)

/** The verifier of the local stack, which shares no code with the signer. */
const verifyLocally = (
  sent: { method: string; target: string; headers: Readonly<Record<string, string>>; body?: Uint8Array },
  service: string,
) =>
  verifySignature(
    {
      method: sent.method,
      target: sent.target,
      sourceIp: '127.0.0.1',
      rawHeaders: Object.entries(sent.headers).flat(),
      body: Buffer.from(sent.body ?? ''),
    },
    {
      service,
      region: 'eu-central-1',
      clockSkewMinutes: 5,
      now: () => signingDate,
      findKey: () => ({ ...credentials, owner: 'the session' }),
    },
  )

test('the verifier accepts any signed method, port, path, query, headers and body', async () => {
  const signer = createRequestSigner({ service: 'neptune-db', region: 'eu-central-1' }, credentials)
  await fc.assert(
    fc.asyncProperty(request, async (unsigned) => {
      const { target, headers } = await signer.sign(unsigned, signingDate)
      const verification = verifyLocally({ ...unsigned, target, headers }, 'neptune-db')
      assert.ok(verification.verified, JSON.stringify(verification))
    }),
    { numRuns: propertyRuns(300) },
  )
})

test('the verifier accepts any presigned request with Host as its only header', async () => {
  const signer = createRequestSigner({ service: 'execute-api', region: 'eu-central-1' }, credentials)
  await fc.assert(
    fc.asyncProperty(request, async ({ body: _, ...unsigned }) => {
      const { target, headers } = await signer.presign({ ...unsigned, headers: {} }, { signingDate, expiresIn: 60 })
      assert.deepEqual(headers, { host: unsigned.host })
      const verification = verifyLocally({ method: unsigned.method, target, headers }, 'execute-api')
      assert.ok(verification.verified, JSON.stringify(verification))
    }),
    { numRuns: propertyRuns(200) },
  )
})

const signatureOf = (headers: Readonly<Record<string, string | undefined>>) =>
  /Signature=(\w+)/.exec(headers['authorization'] ?? headers['Authorization'] ?? '')?.[1]

for (const { service, path } of [
  { service: 'neptune-db', path: '/status' },
  { service: 'execute-api', path: '/prod/a%20b/c%40d' },
  { service: 's3', path: '/bucket/a%20b/c%40d' },
  { service: 's3', path: '/bucket//a/./b' },
]) {
  test(`aws4 computes the same signature of ${path} for ${service}`, async () => {
    const headers = { 'x-amz-date': '20260115T101112Z', 'content-type': 'application/json' }
    const body = '{"a":1}'
    const hash = createHash('sha256').update(body).digest('hex')
    const theirs = aws4.sign(
      {
        service,
        region: 'eu-central-1',
        host: 'x.example.com:8182',
        method: 'POST',
        path,
        body,
        headers: { ...headers, 'content-length': '7', 'x-amz-content-sha256': hash },
      },
      credentials,
    )
    const ours = await createRequestSigner({ service, region: 'eu-central-1' }, credentials).sign(
      {
        method: 'POST',
        host: 'x.example.com:8182',
        path,
        query: {},
        body: Buffer.from(body),
        headers: { 'content-type': 'application/json', 'content-length': '7' },
      },
      signingDate,
    )
    assert.equal(ours.target, path)
    assert.match(signatureOf(theirs.headers) ?? '', /^[0-9a-f]{64}$/)
    assert.equal(signatureOf(ours.headers), signatureOf(theirs.headers))
  })
}

test('a presigned URL of S3 takes any body and names its path once encoded', async () => {
  const { target } = await createRequestSigner({ service: 's3', region: 'eu-central-1' }, credentials).presign(
    { method: 'PUT', host: 'b.s3.eu-central-1.amazonaws.com', path: '/a%20b', query: {}, headers: {} },
    { signingDate, expiresIn: 3_600 },
  )
  const { pathname, searchParams } = new URL(`https://b.example.com${target}`)
  assert.equal(pathname, '/a%20b')
  assert.equal(searchParams.get('X-Amz-Content-Sha256'), 'UNSIGNED-PAYLOAD')
  assert.equal(searchParams.get('X-Amz-Expires'), '3600')
  assert.equal(searchParams.get('X-Amz-Security-Token'), credentials.sessionToken)
  const canonical = [
    'PUT\n/a%20b',
    [...searchParams]
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`)
      .sort()
      .join('&'),
    'host:b.s3.eu-central-1.amazonaws.com\n\nhost\nUNSIGNED-PAYLOAD',
  ].join('\n')
  const scope = '20260115/eu-central-1/s3/aws4_request'
  const key = scope
    .split('/')
    .reduce<string | Buffer>(
      (made, part) => createHmac('sha256', made).update(part).digest(),
      `AWS4${credentials.secretAccessKey}`,
    )
  const toSign = [
    'AWS4-HMAC-SHA256',
    '20260115T101112Z',
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n')
  assert.equal(searchParams.get('X-Amz-Signature'), createHmac('sha256', key).update(toSign).digest('hex'))
})

test('a presigned URL lasts a week at most', async () => {
  const signer = createRequestSigner({ service: 's3', region: 'eu-central-1' }, credentials)
  const week = 7 * 24 * 3_600
  const presign = (expiresIn: number) =>
    signer.presign(
      { method: 'GET', host: 'b.example.com', path: '/', query: {}, headers: {} },
      { signingDate, expiresIn },
    )
  await presign(week)
  await assert.rejects(presign(week + 1), (reason) => /one week/.test(String(reason)))
})

test('the hash is that of the platform, in one piece or several, keyed by text or bytes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.string(), bytes), { maxLength: 4 }),
      fc.option(fc.oneof(fc.string(), bytes)),
      async (parts, secret) => {
        const ours = new Sha256(secret ?? undefined)
        const theirs = secret === null ? createHash('sha256') : createHmac('sha256', secret)
        for (const part of parts) {
          ours.update(part)
          theirs.update(part)
        }
        assert.deepEqual(Buffer.from(await ours.digest()), theirs.digest())
      },
    ),
  )
})
