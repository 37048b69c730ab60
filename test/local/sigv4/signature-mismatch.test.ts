import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireRequest } from '../../../local/http.ts'
import { verifySignature } from '../../../local/sigv4/index.ts'
import {
  endpoint,
  host,
  longTerm,
  presignedBySmithy,
  type SigningOptions,
  secretAccessKey,
  signedBySmithy,
  temporary,
  type UnsignedRequest,
} from './foreign-signers.ts'

interface SigningMistake {
  readonly mistake: string
  readonly request: () => WireRequest | Promise<WireRequest>
  readonly explained: RegExp
}

const sent =
  (unsigned: UnsignedRequest, change: Partial<WireRequest>, signing?: SigningOptions) =>
  async (): Promise<WireRequest> => ({
    ...(await signedBySmithy(unsigned, signing)),
    ...change,
  })
const withSecret = (secret: string) => () =>
  signedBySmithy({}, { credentials: { ...longTerm, secretAccessKey: secret } })
const hashOfFirst = '1c5863cd55b5a4413fd59f054af57ba3c75c0698b3851d70f99b8de2d5c7338f'

/** A signer's slip, played by a real signer, and the words that name it. */
const signingMistakes: readonly SigningMistake[] = [
  {
    mistake: 'the body changed after signing',
    request: sent({ method: 'POST', body: '{"name":"Alice"}' }, { body: Buffer.from('{"name":"Mallory"}') }),
    explained: /right for the body that x-amz-content-sha256 tells of: the body was changed after signing/,
  },
  {
    mistake: 'the body changed after signing, and the header with it',
    request: sent(
      { method: 'POST', headers: { 'x-amz-content-sha256': hashOfFirst } },
      { body: Buffer.from('second') },
    ),
    explained: /The body received hashes to [0-9a-f]{64}; x-amz-content-sha256 says 1c5863cd/,
  },
  {
    mistake: 'a body beside a presigned request',
    request: async () => ({ ...(await presignedBySmithy({ method: 'POST' })), body: Buffer.from('{}') }),
    explained: /right for an empty body/,
  },
  {
    mistake: 'UNSIGNED-PAYLOAD',
    request: sent({ method: 'POST', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body: 'x' }, {}),
    explained: /UNSIGNED-PAYLOAD.*S3 alone/,
  },
  {
    mistake: 'a path encoded once, as for S3',
    request: () => signedBySmithy({ path: '/dev/a%20b' }, { uriEscapePath: false }),
    explained: /took the path as it stands, as for S3/,
  },
  {
    mistake: 'a slash lost from the end of the path',
    request: sent({ path: '/dev/hello/' }, { target: '/dev/hello' }),
    explained: /last slash there and sent without/,
  },
  {
    mistake: 'a plus sign sent raw',
    request: sent({ path: '/dev', query: { sum: '1+1' } }, { target: '/dev?sum=1+1' }),
    explained: /took \+ in the query for a plus sign/,
  },
  {
    mistake: 'a query added after signing',
    request: sent({ path: '/dev' }, { target: '/dev?verbose' }),
    explained: /right without the query/,
  },
  {
    mistake: 'a host signed without its port',
    request: async () => {
      const signed = await signedBySmithy({})
      return { ...signed, rawHeaders: signed.rawHeaders.map((text) => (text === host ? `${host}:8443` : text)) }
    },
    explained: /right for the host "a1b2c3d4e5[^"]*com"; the request came with "[^"]*:8443"/,
  },
  {
    mistake: 'a host rewritten by a proxy that tells of it',
    request: async () => {
      const signed = await signedBySmithy({})
      const rewritten = signed.rawHeaders.map((text) => (text === host ? 'backend' : text))
      return { ...signed, rawHeaders: [...rewritten, 'X-Forwarded-Host', host] }
    },
    explained: /right for the host "a1b2c3d4e5[^"]*com"; the request came with "backend"/,
  },
  {
    mistake: 'a POST turned into a GET by a redirect',
    request: sent({ method: 'POST' }, { method: 'GET' }),
    explained: /right for the method POST; the request came as GET/,
  },
  {
    mistake: 'a header dropped on the way',
    request: async () => {
      const signed = await signedBySmithy({ headers: { 'x-plain': 'a' } })
      return { ...signed, rawHeaders: signed.rawHeaders.filter((text) => text !== 'x-plain' && text !== 'a') }
    },
    explained: /Signed but not in the request: "x-plain"/,
  },
  { mistake: 'a secret in double quotes', request: withSecret(`"${secretAccessKey}"`), explained: /quotes around it/ },
  { mistake: 'a secret in single quotes', request: withSecret(`'${secretAccessKey}'`), explained: /quotes around it/ },
  {
    mistake: 'a secret with its line end',
    request: withSecret(`${secretAccessKey}\n`),
    explained: /a line end before or after/,
  },
  { mistake: 'no secret', request: withSecret(''), explained: /secret is empty/ },
  { mistake: 'the secret of another key', request: withSecret('another'), explained: /the secret is another one/ },
]

const rejectionOf = async ({ request }: SigningMistake) => {
  const verdict = verifySignature(await request(), endpoint())
  assert.ok(!verdict.verified)
  return verdict.rejection
}

for (const mistake of signingMistakes) {
  test(`${mistake.mistake} is named in the explanation`, async () => {
    const rejection = await rejectionOf(mistake)
    assert.deepEqual([rejection.check, rejection.code], ['signature', 'SignatureDoesNotMatch'])
    assert.match(rejection.explanation.join('\n'), mistake.explained)
    assert.match(rejection.explanation[0] ?? '', /AKIAIOSFODNN7EXAMPLE is known and intact/)
    assert.ok(!rejection.explanation.join('\n').includes(secretAccessKey))
  })
}

test('a mismatch gives back the canonical request and the string to sign, token included, in UTF-8', async () => {
  const signed = await signedBySmithy({ headers: { 'x-name': 'Zoë' } }, { credentials: temporary })
  const verdict = verifySignature({ ...signed, target: '/other' }, endpoint())
  assert.ok(!verdict.verified)
  const { canonicalRequest = '', stringToSign = '', explanation } = verdict.rejection
  assert.match(
    canonicalRequest,
    /^GET\n\/other\n\nhost:a1b2.*\nx-amz-security-token:FwoGZXIvYXdzEXAMPLE==\nx-name:Zoë\n\nhost;/s,
  )
  assert.match(
    stringToSign,
    /^AWS4-HMAC-SHA256\n20260115T101112Z\n20260115\/eu-central-1\/execute-api\/aws4_request\n[0-9a-f]{64}$/,
  )
  assert.ok(!explanation.join('\n').includes(temporary.sessionToken))
})

test('only a mismatch gives a canonical request away', async () => {
  const verdict = verifySignature(await signedBySmithy({}, { region: 'us-east-1' }), endpoint())
  assert.ok(!verdict.verified)
  assert.deepEqual(Object.keys(verdict.rejection).sort(), ['check', 'code', 'explanation', 'fix', 'message'])
})

test('a wrong clock is explained by seconds and direction', async () => {
  const late = verifySignature(await signedBySmithy({}, { date: new Date('2026-01-15T10:04:00Z') }), endpoint())
  const early = verifySignature(await signedBySmithy({}, { date: new Date('2026-01-15T11:11:12Z') }), endpoint())
  assert.ok(!late.verified && !early.verified)
  assert.match(
    late.rejection.explanation[0] ?? '',
    /dated 20260115T100400Z, 432 seconds behind the clock here .*300 are allowed/,
  )
  assert.match(early.rejection.explanation[0] ?? '', /3600 seconds ahead of the clock here/)
})

test('a wrong scope is explained part by part', async () => {
  const verdict = verifySignature(await signedBySmithy({}, { region: 'us-east-1', service: 'lambda' }), endpoint())
  assert.ok(!verdict.verified)
  assert.deepEqual(verdict.rejection.explanation, [
    'The region signed for is "us-east-1"; here it is "eu-central-1".',
    'The service signed for is "lambda"; here it is "execute-api".',
  ])
})
