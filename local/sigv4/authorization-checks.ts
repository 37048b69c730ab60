import { firstHeader } from './canonical-request.ts'
import type { ClaimedSignature } from './claimed-signature.ts'
import {
  type CheckRejection,
  isQueryService,
  quoteForLog,
  rejectWith,
  signatureMessages,
} from './signature-rejection.ts'
import type { SignedRequest } from './signed-request.ts'
import { algorithm } from './string-to-sign.ts'

const algorithmRejection = ({ algorithm: word }: ClaimedSignature): CheckRejection =>
  rejectWith(
    'IncompleteSignature',
    signatureMessages.unsupportedAlgorithm(word),
    /ECDSA/i.test(word)
      ? `This is SigV4a, a signature for several regions, which API Gateway does not support; it has to be ${algorithm}.`
      : `The signature has to be of ${algorithm}.`,
  )

/**
 * The query services name any other word at once. API Gateway takes `Bearer` and `Basic` for a header whose pieces are
 * wrong (https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden), so for it only a word of AWS's own
 * kind is an algorithm here.
 */
export const unsupportedAlgorithm = (
  { endpoint }: SignedRequest,
  claim: ClaimedSignature,
): CheckRejection | undefined => {
  const isAlgorithm = claim.form === 'query' || isQueryService(endpoint) || /^aws4-/i.test(claim.algorithm)
  return isAlgorithm && claim.algorithm !== algorithm ? algorithmRejection(claim) : undefined
}

const describeScheme = ({ algorithm: word }: ClaimedSignature): string =>
  /^(bearer|basic|digest|negotiate|snowflake)$/i.test(word)
    ? `The Authorization header is of the scheme ${word}, but what stands here is guarded by IAM: it takes ${algorithm}.`
    : `The Authorization header is not of the form ${algorithm} Credential=…, SignedHeaders=…, Signature=….`

export const missingEqualSign = ({ headers }: SignedRequest, claim: ClaimedSignature): CheckRejection | undefined =>
  claim.isKeyValueList
    ? undefined
    : rejectWith(
        'IncompleteSignature',
        signatureMessages.notInPairs(firstHeader(headers, 'authorization') ?? ''),
        describeScheme(claim),
        'One of its pieces, cut at the commas, has no equal-sign.',
      )

/** The names as the two forms have them, in the order in which AWS lists what is missing. */
const componentNames = {
  header: { credential: 'Credential', signature: 'Signature', signedHeaders: 'SignedHeaders', date: 'X-Amz-Date' },
  query: {
    credential: 'X-Amz-Credential',
    signature: 'X-Amz-Signature',
    signedHeaders: 'X-Amz-SignedHeaders',
    date: 'X-Amz-Date',
  },
} as const
const components = ['credential', 'signature', 'signedHeaders', 'date'] as const

export const missingComponents = (_: SignedRequest, claim: ClaimedSignature): CheckRejection | undefined => {
  const missing = components.filter((part) => claim[part] === undefined)
  if (missing.length === 0) return undefined
  const missingNames = missing.map((part) => componentNames[claim.form][part]).join(', ')
  return claim.form === 'header'
    ? rejectWith(
        'IncompleteSignature',
        signatureMessages.headerPartsMissing(
          missing.map((part) => signatureMessages.headerParts[part]),
          claim.algorithm,
        ),
        `The signature is incomplete: ${missingNames} missing.`,
        ...(claim.algorithm === algorithm ? [] : [describeScheme(claim)]),
      )
    : rejectWith(
        'IncompleteSignature',
        signatureMessages.queryPartsMissing(missing.map((part) => signatureMessages.queryParts[part])),
        `The presigned query is incomplete: ${missingNames} missing. Parameter names are compared letter by letter.`,
      )
}

/** A complete header under another word, which `foreignAlgorithm` let pass for API Gateway. */
export const unknownAlgorithm = (_: SignedRequest, claim: ClaimedSignature): CheckRejection | undefined =>
  claim.algorithm === algorithm ? undefined : algorithmRejection(claim)

/**
 * `x-amz-*` headers that real clients send without signing them, each with the reason why that gives nothing away. Any
 * other must be signed: it could be added or changed on the way.
 */
const headersExemptFromSigning: ReadonlyMap<string, string> = new Map([
  ['x-amz-content-sha256', 'sent unsigned by aws-requests-auth and awscurl; the hash is taken of the body received'],
  ['x-amz-security-token', 'appended after signing by some older signers; it must be the one issued with the key'],
])

export const signedHeaderNames = ({ signedHeaders = '' }: ClaimedSignature): readonly string[] =>
  signedHeaders.split(';')

/** Node's server speaks HTTP/1.1, where there is no `:authority`: a signature over that binds no host. */
export const unsignedHost = (_: SignedRequest, claim: ClaimedSignature): CheckRejection | undefined =>
  signedHeaderNames(claim).includes('host')
    ? undefined
    : rejectWith(
        'SignatureDoesNotMatch',
        signatureMessages.hostNotSigned,
        `SignedHeaders is ${quoteForLog(claim.signedHeaders ?? '')}; "host" must be in it, in lower case.`,
      )

export const unsignedAmzHeader = ({ headers }: SignedRequest, claim: ClaimedSignature): CheckRejection | undefined => {
  const signed = new Set(signedHeaderNames(claim))
  const unsigned = [...headers.keys()]
    .filter((name) => name.startsWith('x-amz-') && !signed.has(name) && !headersExemptFromSigning.has(name))
    .sort()
  const [first] = unsigned
  return first === undefined
    ? undefined
    : rejectWith(
        'SignatureDoesNotMatch',
        signatureMessages.headerNotSigned(first),
        `The request carries ${unsigned.join(', ')}, not named in SignedHeaders: added after signing, or by a proxy?`,
        'Every x-amz-* header of a request has to be signed.',
      )
}
