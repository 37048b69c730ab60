import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import type { WireRequest } from '../../../local/http.ts'
import { type SignatureRejection, type VerifyingEndpoint, verifySignature } from '../../../local/sigv4/index.ts'
import { requestChecks, signatureChecks } from '../../../local/sigv4/verify-signature.ts'
import { endpoint, host, secretAccessKey, sessionToken, stsEndpoint, wireRequest } from './foreign-signers.ts'

/** A request in the parts that can be wrong one by one; the base is a worked example, and verifies. */
interface Draft {
  readonly form: 'header' | 'query'
  readonly target: string
  readonly algorithm: string | undefined
  readonly credential: string | undefined
  readonly signedHeaders: string | undefined
  readonly signature: string | undefined
  readonly date: string | undefined
  readonly expires: string | undefined
  readonly token: string | undefined
  readonly morePieces: string
  readonly moreHeaders: readonly string[]
}

const scope = '20260115/eu-central-1/execute-api/aws4_request'
const base: Draft = {
  form: 'header',
  target: '/dev/greetings/Ada%20Lovelace?verbose&lang=fr&lang=en',
  algorithm: 'AWS4-HMAC-SHA256',
  credential: `ASIAIOSFODNN7EXAMPLE/${scope}`,
  signedHeaders: 'host;x-amz-date;x-amz-security-token',
  signature: '60fd5d815d32c752248265e89ef41f9a7c93b86502894cabfe727cc1ea3c1cc9',
  date: '20260115T101112Z',
  expires: undefined,
  token: sessionToken,
  morePieces: '',
  moreHeaders: [],
}

const authorizationOf = (draft: Draft): string | undefined => {
  const pieces = Object.entries({
    Credential: draft.credential,
    SignedHeaders: draft.signedHeaders,
    Signature: draft.signature,
  }).filter(([, value]) => value !== undefined)
  if (draft.algorithm === undefined) return undefined
  return `${draft.algorithm} ${pieces.map((piece) => piece.join('=')).join(', ')}${draft.morePieces}`
}

const asHeaderForm = (draft: Draft): WireRequest => {
  const authorization = authorizationOf(draft)
  return wireRequest({
    target: draft.target,
    rawHeaders: [
      'Host',
      host,
      ...(draft.date === undefined ? [] : ['X-Amz-Date', draft.date]),
      ...(draft.token === undefined ? [] : ['X-Amz-Security-Token', draft.token]),
      ...(authorization === undefined ? [] : ['Authorization', authorization]),
      ...draft.moreHeaders,
    ],
  })
}

const asQueryForm = (draft: Draft): WireRequest => {
  const parameters = Object.entries({
    'X-Amz-Algorithm': draft.algorithm,
    'X-Amz-Credential': draft.credential,
    'X-Amz-Date': draft.date,
    'X-Amz-Expires': draft.expires,
    'X-Amz-SignedHeaders': draft.signedHeaders,
    'X-Amz-Security-Token': draft.token,
    'X-Amz-Signature': draft.signature,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]))
  return wireRequest({
    target: [draft.target, ...parameters].join('&'),
    rawHeaders: ['Host', host, ...draft.moreHeaders],
  })
}

const onWire = (draft: Draft): WireRequest => (draft.form === 'header' ? asHeaderForm(draft) : asQueryForm(draft))

interface Answer {
  readonly check: string
  readonly code: SignatureRejection['code']
  readonly message: string
}

interface Row extends Answer {
  readonly fault: string
  readonly spoil: (draft: Draft) => Draft
}

const hashed = (text: string) => createHash('sha256').update(text).digest('base64')
const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.'

/** One fault for each check, in the order in which the real services look. Each leaves the later ones possible. */
const order: readonly Row[] = [
  {
    fault: 'a header no parser would let in',
    spoil: (draft) => ({ ...draft, moreHeaders: [...draft.moreHeaders, 'X-Forged', 'a\r\nb'] }),
    check: 'http',
    code: 'MalformedRequest',
    message: '',
  },
  {
    fault: 'a path that climbs above its root',
    spoil: (draft) => ({ ...draft, target: draft.target.replace('/dev', '/../dev') }),
    check: 'path',
    code: 'MalformedRequest',
    message: '',
  },
  {
    fault: 'an illegal escape in the query',
    spoil: (draft) => ({ ...draft, target: `${draft.target}&a=%zz` }),
    check: 'query',
    code: 'MalformedQueryString',
    message: 'Illegal hex character in escape % pattern: %zz',
  },
  {
    fault: 'no signature at all',
    spoil: (draft) => ({ ...draft, algorithm: undefined, target: draft.target.replace(/&X-Amz-Algorithm=[^&]*/, '') }),
    check: 'presence',
    code: 'MissingAuthenticationToken',
    message: 'Missing Authentication Token',
  },
  {
    fault: 'both forms',
    spoil: (draft) => ({ ...draft, target: `${draft.target}&X-Amz-Algorithm=AWS4-HMAC-SHA256` }),
    check: 'one form',
    code: 'SignatureDoesNotMatch',
    message: '',
  },
  {
    fault: 'SigV4a',
    spoil: (draft) => ({ ...draft, algorithm: 'AWS4-ECDSA-P256-SHA256' }),
    check: 'algorithm',
    code: 'IncompleteSignature',
    message: "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.",
  },
  {
    fault: 'a piece without an equal-sign',
    spoil: (draft) => ({ ...draft, morePieces: `${draft.morePieces}, garbage` }),
    // The message holds a hash of the whole header, which the later faults change: filled in where it is compared.
    check: 'pairs',
    code: 'IncompleteSignature',
    message: '<hash of the header>',
  },
  {
    fault: 'no SignedHeaders and no date',
    spoil: (draft) => ({ ...draft, algorithm: base.algorithm, signedHeaders: undefined, date: undefined }),
    check: 'parts',
    code: 'IncompleteSignature',
    message:
      "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256",
  },
  {
    fault: 'another word before complete parts',
    spoil: (draft) => ({ ...draft, algorithm: 'HMAC' }),
    check: 'algorithm',
    code: 'IncompleteSignature',
    message: "Unsupported AWS 'algorithm': 'HMAC'.",
  },
  {
    fault: 'the host unsigned',
    spoil: (draft) => ({ ...draft, signedHeaders: 'x-amz-date;x-amz-security-token' }),
    check: 'host',
    code: 'SignatureDoesNotMatch',
    message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
  },
  {
    fault: 'an unsigned x-amz-* header',
    spoil: (draft) => ({ ...draft, moreHeaders: [...draft.moreHeaders, 'X-Amz-Target', 'x', 'X-Amz-Meta', 'y'] }),
    check: 'amz headers',
    code: 'SignatureDoesNotMatch',
    message: "'x-amz-meta' must be a 'SignedHeader' in the AWS Authorization.",
  },
  {
    fault: 'the thirtieth of February',
    spoil: (draft) => ({ ...draft, date: '20260230T101112Z' }),
    check: 'date',
    code: 'IncompleteSignature',
    message:
      "Date must be in ISO-8601 'basic format'. Got '20260230T101112Z'. See http://en.wikipedia.org/wiki/ISO_8601",
  },
  {
    fault: 'a date five minutes and a second ago',
    spoil: (draft) => ({ ...draft, date: '20260115T100611Z' }),
    check: 'clock',
    code: 'SignatureDoesNotMatch',
    message: 'Signature expired: 20260115T100611Z is now earlier than 20260115T100612Z (20260115T101112Z - 5 min.)',
  },
  {
    fault: 'a date five minutes and a second ahead',
    spoil: (draft) => ({ ...draft, date: '20260115T101613Z' }),
    check: 'clock',
    code: 'SignatureDoesNotMatch',
    message:
      'Signature not yet current: 20260115T101613Z is still later than 20260115T101612Z (20260115T101112Z + 5 min.)',
  },
  {
    fault: 'four elements in the credential',
    spoil: (draft) => ({ ...draft, credential: 'AKIDEXAMPLE/20260115/execute-api/aws4_request' }),
    check: 'credential',
    code: 'IncompleteSignature',
    message:
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIDEXAMPLE/20260115/execute-api/aws4_request'",
  },
  {
    fault: 'every part of the scope',
    spoil: (draft) => ({ ...draft, credential: 'AKIDEXAMPLE/20260114/us-east-1/lambda/aws3_request' }),
    check: 'scope',
    code: 'SignatureDoesNotMatch',
    message:
      "Credential should be scoped to a valid region, not 'us-east-1'. Credential should be scoped to correct service: 'execute-api'. Credential should be scoped with a valid terminator: 'aws4_request', not 'aws3_request'. Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260114' != '20260115', from '20260115T101112Z'. ",
  },
  {
    fault: 'the token of another session',
    spoil: (draft) => ({ ...draft, token: 'FwoGZXIvYXdzANOTHER==' }),
    check: 'token',
    code: 'InvalidClientTokenId',
    message: 'The security token included in the request is invalid.',
  },
  {
    fault: 'an expired session',
    spoil: (draft) => ({ ...draft, credential: `ASIAIOSFODNN7EXPIRED/${scope}`, token: sessionToken }),
    check: 'token',
    code: 'ExpiredToken',
    message: 'The security token included in the request is expired',
  },
  {
    fault: 'an unknown key',
    spoil: (draft) => ({ ...draft, credential: `AKIAUNKNOWN7EXAMPLEX/${scope}`, token: undefined }),
    check: 'key',
    code: 'InvalidClientTokenId',
    message: 'The security token included in the request is invalid.',
  },
  {
    fault: 'a wrong signature',
    spoil: (draft) => ({ ...draft, signature: 'f'.repeat(64) }),
    check: 'signature',
    code: 'SignatureDoesNotMatch',
    message: mismatch,
  },
]

const rejectionOf = (request: WireRequest, at: VerifyingEndpoint<string> = endpoint()): SignatureRejection => {
  const verdict = verifySignature(request, at)
  assert.ok(!verdict.verified, 'must be refused')
  return verdict.rejection
}
const answerOf = ({ check, code, message }: SignatureRejection): Answer => ({ check, code, message })

const expected = (row: Row, draft: Draft): Answer => {
  const { check, code } = row
  const message =
    check === 'pairs'
      ? `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hashed(authorizationOf(draft) ?? '')}'.`
      : row.message
  return { check, code, message }
}

test('the base of the table verifies', () => {
  assert.equal(verifySignature(onWire(base), endpoint()).verified, true)
})

test('the table has a row for every check, in the order of the checks', () => {
  assert.deepEqual(
    order.map(({ check }) => check),
    [...requestChecks, ...signatureChecks].map(({ name }) => name).filter((name) => name !== 'expires'),
  )
})

for (const [at, row] of order.entries()) {
  test(`${row.fault} alone is rejected by the check "${row.check}"`, () => {
    const draft = row.spoil(base)
    assert.deepEqual(answerOf(rejectionOf(onWire(draft))), expected(row, draft))
  })
  test(`${row.fault} is answered before every fault that comes later in the order`, () => {
    const draft = order.slice(at).reduceRight((spoiled, { spoil }) => spoil(spoiled), base)
    assert.deepEqual(answerOf(rejectionOf(onWire(draft))), expected(row, draft))
  })
}

/** Further answers of single checks; not about their order. */
interface Single extends Answer {
  readonly title: string
  readonly draft: Partial<Draft>
  readonly at?: VerifyingEndpoint<string>
}
const presigned = { form: 'query', expires: '3600', signedHeaders: 'host' } as const
const longTermKey = `AKIAIOSFODNN7EXAMPLE/${scope}`
const stsScope = '20260115/eu-central-1/sts/aws4_request'
const invalidToken = 'The security token included in the request is invalid'
const headerPartsMissing =
  "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter."
const nothing = { credential: undefined, signedHeaders: undefined, signature: undefined }
const isoForm = (got: string) =>
  `Date must be in ISO-8601 'basic format'. Got '${got}'. See http://en.wikipedia.org/wiki/ISO_8601`

const singles: readonly Single[] = [
  ...['/a%2', '/a%zz/b', 'dev', '*', 'http://example.org/dev', '/a/../..'].map(
    (target): Single => ({
      title: `the target ${target} is malformed`,
      draft: { target },
      check: 'path',
      code: 'MalformedRequest',
      message: '',
    }),
  ),
  ...['/?a=%', '/?a=1&%2', '/?a%=1&b=2'].map(
    (target): Single => ({
      title: `the query of ${target} ends inside an escape`,
      draft: { target },
      check: 'query',
      code: 'MalformedQueryString',
      message: 'Incomplete trailing escape % sequence',
    }),
  ),
  {
    title: 'a character beyond a byte is rejected, not cut down to one',
    draft: { target: '/dev/\u0141' },
    check: 'http',
    code: 'MalformedRequest',
    message: '',
  },
  {
    title: 'STS words a missing signature otherwise',
    at: stsEndpoint,
    draft: { algorithm: undefined },
    check: 'presence',
    code: 'MissingAuthenticationToken',
    message: 'Request is missing Authentication Token',
  },
  {
    title: 'Bearer meets the check of the pieces',
    draft: { algorithm: 'Bearer', ...nothing, morePieces: 'eyJhbGciOi.eyJpc3Mi' },
    check: 'pairs',
    code: 'IncompleteSignature',
    message: `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hashed('Bearer eyJhbGciOi.eyJpc3Mi')}'.`,
  },
  {
    title: 'Bearer is an unsupported algorithm to STS',
    at: stsEndpoint,
    draft: { algorithm: 'Bearer', ...nothing, morePieces: 'eyJhbGciOi.eyJpc3Mi' },
    check: 'algorithm',
    code: 'IncompleteSignature',
    message: "Unsupported AWS 'algorithm': 'Bearer'.",
  },
  {
    title: 'Basic whose padding passes for a pair lacks every part',
    draft: { algorithm: 'Basic', ...nothing, date: undefined, morePieces: 'dXNlcjpwYXM=' },
    check: 'parts',
    code: 'IncompleteSignature',
    message: `${headerPartsMissing} Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=Basic`,
  },
  {
    title: 'an algorithm of another hash is unsupported',
    draft: { algorithm: 'AWS4-HMAC-SHA512' },
    check: 'algorithm',
    code: 'IncompleteSignature',
    message: "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA512'.",
  },
  {
    title: 'SigV4a in a presigned query is an unsupported algorithm',
    draft: { ...presigned, algorithm: 'AWS4-ECDSA-P256-SHA256' },
    check: 'algorithm',
    code: 'IncompleteSignature',
    message: "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.",
  },
  {
    title: 'a presigned query of its algorithm alone lacks four parameters',
    draft: { ...presigned, ...nothing, date: undefined },
    check: 'parts',
    code: 'IncompleteSignature',
    message:
      "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters must include 'X-Amz-SignedHeaders'. AWS query-string parameters must include 'X-Amz-Date'. Re-examine the query-string parameters.",
  },
  {
    title: 'the host must be signed in lower case',
    draft: { signedHeaders: 'Host;x-amz-date;x-amz-security-token' },
    check: 'host',
    code: 'SignatureDoesNotMatch',
    message: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
  },
  ...['2026-01-15T10:11:12Z', '20260115T101112', '20260115T101160Z', '20261315T101112Z', '20260115T101112.5Z', ''].map(
    (date): Single => ({
      title: `the date ${JSON.stringify(date)} is not of the form`,
      draft: { date },
      check: 'date',
      code: 'IncompleteSignature',
      message: isoForm(date),
    }),
  ),
  {
    title: 'X-Amz-Date wins over a good Date header',
    draft: { date: 'x', moreHeaders: ['Date', '20260115T101112Z'] },
    check: 'date',
    code: 'IncompleteSignature',
    message: isoForm('x'),
  },
  {
    title: 'STS allows fifteen minutes and says so',
    at: stsEndpoint,
    draft: { date: '20260115T095611Z' },
    check: 'clock',
    code: 'SignatureDoesNotMatch',
    message: 'Signature expired: 20260115T095611Z is now earlier than 20260115T095612Z (20260115T101112Z - 15 min.)',
  },
  ...[
    [
      '604801',
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    ],
    ['-1', 'X-Amz-Expires should be a number'],
    ['1e3', 'X-Amz-Expires should be a number'],
    ['', 'X-Amz-Expires should be a number'],
  ].map(
    ([expires = '', message = '']): Single => ({
      title: `X-Amz-Expires of ${JSON.stringify(expires)} is rejected`,
      draft: { ...presigned, expires },
      check: 'expires',
      code: 'IncompleteSignature',
      message,
    }),
  ),
  {
    title: 'a presigned request ends with its X-Amz-Expires, even within the five minutes',
    draft: { ...presigned, expires: '60', date: '20260115T101011Z' },
    check: 'clock',
    code: 'SignatureDoesNotMatch',
    message: 'Signature expired: 20260115T101011Z is now earlier than 20260115T101012Z (20260115T101112Z - 1 min.)',
  },
  {
    title: 'a presigned request of an odd number of seconds says seconds',
    draft: { ...presigned, expires: '61', date: '20260115T101010Z' },
    check: 'clock',
    code: 'SignatureDoesNotMatch',
    message: 'Signature expired: 20260115T101010Z is now earlier than 20260115T101011Z (20260115T101112Z - 61 sec.)',
  },
  {
    title: 'a presigned request without X-Amz-Expires is held to the clock',
    draft: { ...presigned, expires: undefined, date: '20260115T100611Z' },
    check: 'clock',
    code: 'SignatureDoesNotMatch',
    message: 'Signature expired: 20260115T100611Z is now earlier than 20260115T100612Z (20260115T101112Z - 5 min.)',
  },
  {
    title: 'a presigned request of the future fails, however long it lasts',
    draft: { ...presigned, expires: '604800', date: '20260115T101613Z' },
    check: 'clock',
    code: 'SignatureDoesNotMatch',
    message:
      'Signature not yet current: 20260115T101613Z is still later than 20260115T101612Z (20260115T101112Z + 5 min.)',
  },
  {
    title: 'a credential of six elements is rejected',
    draft: { credential: `a/${longTermKey}` },
    check: 'credential',
    code: 'IncompleteSignature',
    message: `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/${longTermKey}'`,
  },
  {
    title: 'a wrong region alone is one sentence with a blank after it',
    draft: { credential: 'AKIAIOSFODNN7EXAMPLE/20260115/us-east-1/execute-api/aws4_request' },
    check: 'scope',
    code: 'SignatureDoesNotMatch',
    message: "Credential should be scoped to a valid region, not 'us-east-1'. ",
  },
  {
    title: 'a token beside a long-term key is an invalid token',
    draft: { credential: longTermKey },
    check: 'token',
    code: 'InvalidClientTokenId',
    message: `${invalidToken}.`,
  },
  {
    title: 'STS words a broken token without a full stop',
    at: stsEndpoint,
    draft: { credential: `ASIAIOSFODNN7EXAMPLE/${stsScope}`, token: 'x' },
    check: 'token',
    code: 'InvalidClientTokenId',
    message: invalidToken,
  },
  {
    title: 'STS words an unknown key with a full stop',
    at: stsEndpoint,
    draft: { credential: `AKIAUNKNOWN7EXAMPLEX/${stsScope}`, token: undefined },
    check: 'key',
    code: 'InvalidClientTokenId',
    message: `${invalidToken}.`,
  },
  {
    title: 'a temporary key without its token is an invalid token',
    draft: { token: undefined, signedHeaders: 'host;x-amz-date' },
    check: 'key',
    code: 'InvalidClientTokenId',
    message: `${invalidToken}.`,
  },
  {
    title: 'an empty token is a broken token, not an absent one',
    draft: { token: '' },
    check: 'token',
    code: 'InvalidClientTokenId',
    message: `${invalidToken}.`,
  },
  {
    title: 'an expired session is an invalid token when the token is not its own',
    draft: { credential: `ASIAIOSFODNN7EXPIRED/${scope}`, token: 'x' },
    check: 'token',
    code: 'InvalidClientTokenId',
    message: `${invalidToken}.`,
  },
  {
    title: 'a signature in upper case is no signature',
    draft: { signature: base.signature?.toUpperCase() },
    check: 'signature',
    code: 'SignatureDoesNotMatch',
    message: mismatch,
  },
]

for (const { title, draft, at, check, code, message } of singles) {
  test(title, () => {
    const request = onWire({ ...base, ...draft })
    assert.deepEqual(answerOf(rejectionOf(request, at)), { check, code, message })
  })
}

test('no explanation holds the secret, the token sent or the token on file', () => {
  const drafts = [...order.map(({ spoil }) => spoil(base)), ...singles.map(({ draft }) => ({ ...base, ...draft }))]
  const secrets = [secretAccessKey, sessionToken, 'FwoGZXIvYXdzANOTHER==', 'eyJhbGciOi.eyJpc3Mi', 'dXNlcjpwYXM=']
  for (const draft of drafts) {
    const explanation = rejectionOf(onWire(draft)).explanation.join('\n')
    assert.notEqual(explanation, '')
    for (const secret of secrets) assert.ok(!explanation.includes(secret), explanation)
  }
})

test('a secret instead of the key id is reported as such, and not shown', () => {
  const secret = 'wJalrXUtnFEMIxK7MDENGxbPxRfiCYEXAMPLEKEY'
  const { explanation } = rejectionOf(onWire({ ...base, credential: `${secret}/${scope}`, token: undefined }))
  assert.deepEqual(explanation, [
    'What stands for the access key id has not the form of one (it has 40 characters, as a secret access key has: were the two exchanged?).',
  ])
})

test('of repeated pieces the last counts, of repeated Authorization headers the first', () => {
  const twice = { ...base, signature: 'f'.repeat(64), morePieces: `, Signature=${base.signature}` }
  assert.equal(verifySignature(onWire(twice), endpoint()).verified, true)
  const second = { ...base, moreHeaders: ['Authorization', 'Bearer x'] }
  assert.equal(verifySignature(onWire(second), endpoint()).verified, true)
})
