import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { WireRequest } from '../../../local/http.ts'
import { signedService, verifySignature } from '../../../local/sigv4/index.ts'
import { propertyRuns } from '../../property-runs.ts'
import {
  endpoint,
  presignedBySmithy,
  signedByAws4,
  signedBySmithy,
  strictQuery,
  stsEndpoint,
  temporary,
  wireRequest,
} from './foreign-signers.ts'

// --- Garbage never verifies, and never throws ---

const bytes = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCharCode(byte)),
  maxLength: 40,
})
const anyText = fc.oneof(bytes, fc.string({ unit: 'binary', maxLength: 40 }))

/** Fragments of real requests: garbage made of them gets past the first checks. */
const fragments = fc.constantFrom(
  'AWS4-HMAC-SHA256',
  'AWS4-HMAC-SHA256 ',
  'Credential=',
  'SignedHeaders=',
  'Signature=',
  ', ',
  ',',
  '=',
  ';',
  '/',
  '%',
  '+',
  'AKIAIOSFODNN7EXAMPLE',
  'ASIAIOSFODNN7EXAMPLE',
  '/20260115/eu-central-1/execute-api/aws4_request',
  'host',
  'x-amz-date',
  'host;x-amz-date',
  'f'.repeat(64),
  '20260115T101112Z',
  'Thu, 15 Jan 2026 10:11:12 GMT',
  '%2F',
  '%',
  '..',
  '?',
  '&',
  'X-Amz-Algorithm=AWS4-HMAC-SHA256',
  '&X-Amz-Credential=',
  '&X-Amz-Date=20260115T101112Z',
  '&X-Amz-Signature=',
  '&X-Amz-SignedHeaders=host',
  '&X-Amz-Expires=60',
  'FwoGZXIvYXdzEXAMPLE==',
  '__proto__',
  'constructor',
)
const text = fc.oneof(
  anyText,
  fc.array(fc.oneof(fragments, bytes), { maxLength: 12 }).map((parts) => parts.join('')),
)

const headerNames = fc.constantFrom(
  'Authorization',
  'Host',
  'X-Amz-Date',
  'Date',
  'X-Amz-Security-Token',
  'x-amz-content-sha256',
  'x-amz-meta',
  '__proto__',
)
const nearlySigned = fc
  .record({
    keyId: fc.oneof(fc.constant('AKIAIOSFODNN7EXAMPLE'), fragments),
    signedHeaders: fragments,
    signature: fc.stringMatching(/^([0-9a-f]{64}|[0-9A-Fa-f,= ]{0,70})$/),
  })
  .map(
    ({ keyId, signedHeaders, signature }) =>
      `AWS4-HMAC-SHA256 Credential=${keyId}/20260115/eu-central-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date;${signedHeaders}, Signature=${signature}`,
  )
const wildHeaders = fc.array(fc.tuple(fc.oneof(headerNames, text), fc.oneof(text, nearlySigned)), { maxLength: 8 })
/** What an HTTP parser could let through. */
const likeHttp = text.map((value) => value.replace(/[\0\r\n]|[\u0100-\uffff]/g, ''))
const tameHeaders = fc.array(fc.tuple(headerNames, fc.oneof(likeHttp, nearlySigned)), { maxLength: 3 })
const goodHeaders = fc.constantFrom([], ['Host', 'x'], ['Host', 'x', 'X-Amz-Date', '20260115T101112Z'])

const garbageWith = (more: typeof wildHeaders, words: typeof text): fc.Arbitrary<WireRequest> =>
  fc
    .record({
      method: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('GET', 'POST') }, { weight: 1, arbitrary: words }),
      path: fc.oneof({ weight: 2, arbitrary: fc.constant('/dev/hello') }, { weight: 1, arbitrary: words }),
      query: fc.oneof({ weight: 2, arbitrary: fc.constant('') }, { weight: 1, arbitrary: words }),
      good: goodHeaders,
      authorization: fc.oneof(
        fc.constant([]),
        nearlySigned.map((value) => ['Authorization', value]),
      ),
      headers: more,
      body: fc.uint8Array({ maxLength: 20 }),
    })
    .map(({ method, path, query, good, authorization, headers, body }) =>
      wireRequest({
        method,
        target: `${path}?${query}`,
        rawHeaders: [...authorization, ...good, ...headers.flat()],
        body,
      }),
    )
const garbage = fc.oneof(garbageWith(wildHeaders, text), garbageWith(tameHeaders, likeHttp))

test('ten thousand generated requests neither verify nor throw, and many reach the signature check', () => {
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(garbage, fc.boolean(), (request, atSts) => {
      const verdict = verifySignature(request, atSts ? stsEndpoint : endpoint())
      assert.ok(!verdict.verified)
      const { rejection } = verdict
      seen.set(rejection.check, (seen.get(rejection.check) ?? 0) + 1)
      assert.ok(rejection.explanation.length > 0)
      assert.ok(!rejection.explanation.join('').includes(temporary.secretAccessKey))
      signedService(request)
    }),
    { numRuns: 10_000 }, // always: fewer might not reach each check
  )
  for (const check of ['http', 'path', 'query', 'presence', 'parts', 'date', 'scope', 'key', 'signature'])
    assert.ok(seen.has(check), `no generated request reached "${check}": ${JSON.stringify([...seen])}`)
})

test('a header list of odd length is malformed or unsigned, never a crash', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 7 }), (rawHeaders) => {
      assert.equal(verifySignature(wireRequest({ rawHeaders }), endpoint()).verified, false)
    }),
    { numRuns: propertyRuns(2_000) },
  )
})

// --- What a foreign signer signs, verifies ---

const wellFormed = fc.string({ unit: 'grapheme', maxLength: 12 }).filter((one) => one.isWellFormed())
const segment = fc.oneof(wellFormed.map(encodeURIComponent), fc.constantFrom('', '.', 'a%2Fb', "!$&'()*+,;=:@", 'a+b'))
const path = fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join('/')}`)

/**
 * Where the signers leave AWS's rules, and what is therefore not generated:
 * smithy leaves out every parameter named like its signature, whatever the case of its letters;
 * aws4 drops parameters without a name, loses one named __proto__, lets `..` climb above the root, and sends a second
 * content-type beside an empty one.
 */
const isPlainName = (name: string): boolean =>
  name !== '' && name !== '__proto__' && !name.toLowerCase().startsWith('x-amz-')
const query = fc.dictionary(
  wellFormed.filter(isPlainName),
  fc.oneof(wellFormed, fc.array(wellFormed, { minLength: 1, maxLength: 3 })),
  {
    maxKeys: 5,
    noNullPrototype: true,
  },
)
const printable = fc.string({ unit: fc.constantFrom(...' \t!"#aZ09:;,=/\\~'), maxLength: 20 })
const extraHeaders = fc.dictionary(fc.constantFrom('x-amz-meta', 'content-type', 'x-plain', 'accept'), printable, {
  noNullPrototype: true,
})
const method = fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS')
const credentials = fc.constantFrom(temporary, { ...temporary, accessKeyId: 'AKIAIOSFODNN7EXAMPLE' }).map((key) => {
  const { sessionToken, ...longTerm } = key
  return key.accessKeyId.startsWith('ASIA') ? { ...longTerm, sessionToken } : longTerm
})

type Query = Parameters<typeof strictQuery>[0]
const asPlus = (sent: Query) => strictQuery(sent).replaceAll('%20', '+')
const inLowerCase = (sent: Query) => strictQuery(sent).replace(/%../g, (escaped) => escaped.toLowerCase())
const backwards = (sent: Query) => strictQuery(sent).split('&').reverse().join('&')
/** Clients spell one query in many ways; repeated names then come in another order too. */
const writeQuery = fc.constantFrom(strictQuery, asPlus, inLowerCase, backwards)

const unsigned = fc.record({ method, path, query, headers: extraHeaders })

test('whatever smithy signs in the header form verifies, however its query is spelt', async () => {
  await fc.assert(
    fc.asyncProperty(unsigned, fc.uint8Array(), credentials, writeQuery, async (request, body, key, spelling) => {
      const signed = await signedBySmithy({ ...request, body }, { credentials: key, writeQuery: spelling })
      assert.ok(
        verifySignature(signed, endpoint()).verified,
        JSON.stringify([signed, verifySignature(signed, endpoint())], undefined, 2),
      )
    }),
    { numRuns: propertyRuns(1_500) },
  )
})

test('whatever smithy presigns verifies, however its query is spelt', async () => {
  await fc.assert(
    fc.asyncProperty(unsigned, credentials, writeQuery, async (request, key, spelling) => {
      const signed = await presignedBySmithy(request, { credentials: key, writeQuery: spelling })
      assert.ok(
        verifySignature(signed, endpoint()).verified,
        JSON.stringify([signed, verifySignature(signed, endpoint())], undefined, 2),
      )
    }),
    { numRuns: propertyRuns(1_000) },
  )
})

test('whatever aws4 signs verifies, in both forms', () => {
  fc.assert(
    fc.property(
      unsigned,
      fc.string({ unit: 'grapheme' }),
      credentials,
      fc.boolean(),
      (request, body, key, signQuery) => {
        const target = `${request.path}${Object.keys(request.query).length > 0 ? `?${strictQuery(request.query)}` : ''}`
        const { method: verb } = request
        const sent = { ...request.headers, 'content-type': 'text/plain' }
        const signed = signedByAws4({ method: verb, target, headers: sent, body }, { credentials: key, signQuery })
        assert.ok(
          verifySignature(signed, endpoint()).verified,
          JSON.stringify([signed, verifySignature(signed, endpoint())], undefined, 2),
        )
      },
    ),
    { numRuns: propertyRuns(1_500) },
  )
})
