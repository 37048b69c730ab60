import type { Attempt } from './attempt.ts'
import { quoted, type Refused, refused } from './check.ts'
import type { Claim } from './claim.ts'
import { algorithm } from './credential.ts'
import { firstHeader } from './wire-headers.ts'
import { isQueryService, words } from './words.ts'

const otherAlgorithm = ({ algorithm: word }: Claim): Refused =>
  refused(
    'IncompleteSignature',
    words.unsupportedAlgorithm(word),
    /ECDSA/i.test(word)
      ? `This is SigV4a, a signature for several regions, which API Gateway does not support; it has to be ${algorithm}.`
      : `The signature has to be of ${algorithm}.`,
  )

/**
 * The query services name any other word at once. API Gateway takes `Bearer` and `Basic` for a header whose pieces are
 * wrong (https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden), so for it only a word of AWS's own
 * kind is an algorithm here.
 */
export const foreignAlgorithm = ({ endpoint }: Attempt, claim: Claim): Refused | undefined => {
  const isAlgorithm = claim.form === 'query' || isQueryService(endpoint) || /^aws4-/i.test(claim.algorithm)
  return isAlgorithm && claim.algorithm !== algorithm ? otherAlgorithm(claim) : undefined
}

const schemeSeen = ({ algorithm: word }: Claim): string =>
  /^(bearer|basic|digest|negotiate|snowflake)$/i.test(word)
    ? `The Authorization header is of the scheme ${word}, but what stands here is guarded by IAM: it takes ${algorithm}.`
    : `The Authorization header is not of the form ${algorithm} Credential=…, SignedHeaders=…, Signature=….`

export const notInPairs = ({ headers }: Attempt, claim: Claim): Refused | undefined =>
  claim.inPairs
    ? undefined
    : refused(
        'IncompleteSignature',
        words.notInPairs(firstHeader(headers, 'authorization') ?? ''),
        schemeSeen(claim),
        'One of its pieces, cut at the commas, has no equal-sign.',
      )

/** The names as the two forms have them, in the order in which AWS lists what is missing. */
const partNames = {
  header: { credential: 'Credential', signature: 'Signature', signedHeaders: 'SignedHeaders', date: 'X-Amz-Date' },
  query: {
    credential: 'X-Amz-Credential',
    signature: 'X-Amz-Signature',
    signedHeaders: 'X-Amz-SignedHeaders',
    date: 'X-Amz-Date',
  },
} as const
const parts = ['credential', 'signature', 'signedHeaders', 'date'] as const

export const partsMissing = (_: Attempt, claim: Claim): Refused | undefined => {
  const missing = parts.filter((part) => claim[part] === undefined)
  if (missing.length === 0) return undefined
  const named = missing.map((part) => partNames[claim.form][part]).join(', ')
  return claim.form === 'header'
    ? refused(
        'IncompleteSignature',
        words.headerPartsMissing(
          missing.map((part) => words.headerParts[part]),
          claim.algorithm,
        ),
        `The signature is incomplete: ${named} missing.`,
        ...(claim.algorithm === algorithm ? [] : [schemeSeen(claim)]),
      )
    : refused(
        'IncompleteSignature',
        words.queryPartsMissing(missing.map((part) => words.queryParts[part])),
        `The presigned query is incomplete: ${named} missing. Parameter names are compared letter by letter.`,
      )
}

/** A complete header under another word, which `foreignAlgorithm` let pass for API Gateway. */
export const unknownAlgorithm = (_: Attempt, claim: Claim): Refused | undefined =>
  claim.algorithm === algorithm ? undefined : otherAlgorithm(claim)

/**
 * `x-amz-*` headers that real clients send without signing them, each with the reason why that gives nothing away. Any
 * other must be signed: it could be added or changed on the way.
 */
const needNotBeSigned: ReadonlyMap<string, string> = new Map([
  ['x-amz-content-sha256', 'sent unsigned by aws-requests-auth and awscurl; the hash is taken of the body received'],
  ['x-amz-security-token', 'appended after signing by some older signers; it must be the one issued with the key'],
])

export const namesOf = ({ signedHeaders = '' }: Claim): readonly string[] => signedHeaders.split(';')

/** Node's server speaks HTTP/1.1, where there is no `:authority`: a signature over that binds no host. */
export const hostNotSigned = (_: Attempt, claim: Claim): Refused | undefined =>
  namesOf(claim).includes('host')
    ? undefined
    : refused(
        'SignatureDoesNotMatch',
        words.hostNotSigned,
        `SignedHeaders is ${quoted(claim.signedHeaders ?? '')}; "host" must be in it, in lower case.`,
      )

export const amzHeaderNotSigned = ({ headers }: Attempt, claim: Claim): Refused | undefined => {
  const signed = new Set(namesOf(claim))
  const unsigned = [...headers.keys()]
    .filter((name) => name.startsWith('x-amz-') && !signed.has(name) && !needNotBeSigned.has(name))
    .sort()
  const [first] = unsigned
  return first === undefined
    ? undefined
    : refused(
        'SignatureDoesNotMatch',
        words.headerNotSigned(first),
        `The request carries ${unsigned.join(', ')}, not named in SignedHeaders: added after signing, or by a proxy?`,
        'Every x-amz-* header of a request has to be signed.',
      )
}
