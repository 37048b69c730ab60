import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WireRequest } from '../../../local/http/index.ts'
import { verify } from '../../../local/sigv4/index.ts'
import {
  endpoint,
  host,
  longTerm,
  presignedBySmithy,
  type Signing,
  secretAccessKey,
  signedBySmithy,
  temporary,
  type Unsigned,
} from './witnesses.ts'

interface Slip {
  readonly slip: string
  readonly request: () => WireRequest | Promise<WireRequest>
  readonly explained: RegExp
}

const sent =
  (unsigned: Unsigned, change: Partial<WireRequest>, signing?: Signing) => async (): Promise<WireRequest> => ({
    ...(await signedBySmithy(unsigned, signing)),
    ...change,
  })
const withSecret = (secret: string) => () =>
  signedBySmithy({}, { credentials: { ...longTerm, secretAccessKey: secret } })
const hashOfFirst = '1c5863cd55b5a4413fd59f054af57ba3c75c0698b3851d70f99b8de2d5c7338f'

/** A signer's slip, played by a real signer, and the words that name it. */
const slips: readonly Slip[] = [
  {
    slip: 'the body changed after signing',
    request: sent({ method: 'POST', body: '{"name":"Alice"}' }, { body: Buffer.from('{"name":"Mallory"}') }),
    explained: /right for the body that x-amz-content-sha256 tells of: the body was changed after signing/,
  },
  {
    slip: 'the body changed after signing, and the header with it',
    request: sent(
      { method: 'POST', headers: { 'x-amz-content-sha256': hashOfFirst } },
      { body: Buffer.from('second') },
    ),
    explained: /The body received hashes to [0-9a-f]{64}; x-amz-content-sha256 says 1c5863cd/,
  },
  {
    slip: 'a body beside a presigned request',
    request: async () => ({ ...(await presignedBySmithy({ method: 'POST' })), body: Buffer.from('{}') }),
    explained: /right for an empty body/,
  },
  {
    slip: 'UNSIGNED-PAYLOAD',
    request: sent({ method: 'POST', headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }, body: 'x' }, {}),
    explained: /UNSIGNED-PAYLOAD.*S3 alone/,
  },
  {
    slip: 'a path encoded once, as for S3',
    request: () => signedBySmithy({ path: '/dev/a%20b' }, { uriEscapePath: false }),
    explained: /took the path as it stands, as for S3/,
  },
  {
    slip: 'a slash lost from the end of the path',
    request: sent({ path: '/dev/hello/' }, { target: '/dev/hello' }),
    explained: /last slash there and sent without/,
  },
  {
    slip: 'a plus sign sent raw',
    request: sent({ path: '/dev', query: { sum: '1+1' } }, { target: '/dev?sum=1+1' }),
    explained: /took \+ in the query for a plus sign/,
  },
  {
    slip: 'a query added after signing',
    request: sent({ path: '/dev' }, { target: '/dev?verbose' }),
    explained: /right without the query/,
  },
  {
    slip: 'a host signed without its port',
    request: async () => {
      const signed = await signedBySmithy({})
      return { ...signed, rawHeaders: signed.rawHeaders.map((text) => (text === host ? `${host}:8443` : text)) }
    },
    explained: /right for the host "a1b2c3d4e5[^"]*com"; the request came with "[^"]*:8443"/,
  },
  {
    slip: 'a host rewritten by a proxy that tells of it',
    request: async () => {
      const signed = await signedBySmithy({})
      const rewritten = signed.rawHeaders.map((text) => (text === host ? 'backend' : text))
      return { ...signed, rawHeaders: [...rewritten, 'X-Forwarded-Host', host] }
    },
    explained: /right for the host "a1b2c3d4e5[^"]*com"; the request came with "backend"/,
  },
  {
    slip: 'a POST turned into a GET by a redirect',
    request: sent({ method: 'POST' }, { method: 'GET' }),
    explained: /right for the method POST; the request came as GET/,
  },
  {
    slip: 'a header dropped on the way',
    request: async () => {
      const signed = await signedBySmithy({ headers: { 'x-plain': 'a' } })
      return { ...signed, rawHeaders: signed.rawHeaders.filter((text) => text !== 'x-plain' && text !== 'a') }
    },
    explained: /Signed but not in the request: "x-plain"/,
  },
  { slip: 'a secret in double quotes', request: withSecret(`"${secretAccessKey}"`), explained: /quotes around it/ },
  { slip: 'a secret in single quotes', request: withSecret(`'${secretAccessKey}'`), explained: /quotes around it/ },
  {
    slip: 'a secret with its line end',
    request: withSecret(`${secretAccessKey}\n`),
    explained: /a line end before or after/,
  },
  { slip: 'no secret', request: withSecret(''), explained: /secret is empty/ },
  { slip: 'the secret of somebody else', request: withSecret('another'), explained: /the secret is another one/ },
]

const refusalOf = async ({ request }: Slip) => {
  const verdict = verify(await request(), endpoint())
  assert.ok(!verdict.verified)
  return verdict.refusal
}

for (const slip of slips) {
  test(`${slip.slip} is named in the explanation`, async () => {
    const refusal = await refusalOf(slip)
    assert.deepEqual([refusal.check, refusal.code], ['signature', 'SignatureDoesNotMatch'])
    assert.match(refusal.explanation.join('\n'), slip.explained)
    assert.match(refusal.explanation[0] ?? '', /AKIAIOSFODNN7EXAMPLE is known and intact/)
    assert.ok(!refusal.explanation.join('\n').includes(secretAccessKey))
  })
}

test('a mismatch gives back the canonical request and the string to sign, token included, in UTF-8', async () => {
  const signed = await signedBySmithy({ headers: { 'x-name': 'Zoë' } }, { credentials: temporary })
  const verdict = verify({ ...signed, target: '/other' }, endpoint())
  assert.ok(!verdict.verified)
  const { canonicalRequest = '', stringToSign = '', explanation } = verdict.refusal
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
  const verdict = verify(await signedBySmithy({}, { region: 'us-east-1' }), endpoint())
  assert.ok(!verdict.verified)
  assert.deepEqual(Object.keys(verdict.refusal).sort(), ['check', 'code', 'explanation', 'message', 'remedy'])
})

test('a wrong clock is explained by seconds and direction', async () => {
  const late = verify(await signedBySmithy({}, { date: new Date('2026-01-15T10:04:00Z') }), endpoint())
  const early = verify(await signedBySmithy({}, { date: new Date('2026-01-15T11:11:12Z') }), endpoint())
  assert.ok(!late.verified && !early.verified)
  assert.match(
    late.refusal.explanation[0] ?? '',
    /dated 20260115T100400Z, 432 seconds behind the clock here .*300 are allowed/,
  )
  assert.match(early.refusal.explanation[0] ?? '', /3600 seconds ahead of the clock here/)
})

test('a wrong scope is explained part by part', async () => {
  const verdict = verify(await signedBySmithy({}, { region: 'us-east-1', service: 'lambda' }), endpoint())
  assert.ok(!verdict.verified)
  assert.deepEqual(verdict.refusal.explanation, [
    'The region signed for is "us-east-1"; here it is "eu-central-1".',
    'The service signed for is "lambda"; here it is "execute-api".',
  ])
})
