import { hash } from 'node:crypto'
import type { ClaimedSignature } from './claimed-signature.ts'
import type { SignedRequest } from './signed-request.ts'
import { type Timestamp, terminator } from './string-to-sign.ts'
import type {
  SignatureCheckName,
  SignatureRejection,
  SignatureRejectionCode,
  VerifyingEndpoint,
} from './verification-result.ts'

export type CheckRejection = Omit<SignatureRejection, 'check' | 'fix'>

/** A check of the request, before it is known which signature is claimed. */
export interface RequestCheck {
  readonly name: SignatureCheckName
  readonly reject: (attempt: SignedRequest) => CheckRejection | undefined
}

/** A check of the one claim the request makes. */
export interface SignatureCheck {
  readonly name: SignatureCheckName
  readonly reject: (attempt: SignedRequest, claim: ClaimedSignature) => CheckRejection | undefined
}

export const rejectWith = (
  code: SignatureRejectionCode,
  message: string,
  ...explanation: readonly string[]
): CheckRejection => ({
  code,
  message,
  explanation,
})

/** A value from outside for the log: in one line, without control characters, of bounded length. */
export const quoteForLog = (value: string): string =>
  JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)

/**
 * STS and IAM (the query protocol) word two refusals differently from API Gateway and the JSON services, and look at the
 * algorithm before anything else.
 */
export const isQueryService = ({ clockSkewMinutes }: VerifyingEndpoint<unknown>): boolean => clockSkewMinutes === 15

const sha256Base64 = (text: string): string => hash('sha256', Buffer.from(text, 'latin1'), 'base64')

const formatWindow = (seconds: number): string => (seconds % 60 === 0 ? `${seconds / 60} min.` : `${seconds} sec.`)

/**
 * AWS's own words, as its services were seen to answer. Recorded for the query services in
 * https://github.com/dacut/scratchstack-aws-signature (docs/AWS Auth Error Ordering.pdf), for API Gateway in the issues
 * named beside them; what no recording shows says so.
 */
export const signatureMessages = {
  missingToken: (endpoint: VerifyingEndpoint<unknown>) =>
    isQueryService(endpoint) ? 'Request is missing Authentication Token' : 'Missing Authentication Token',

  unsupportedAlgorithm: (algorithm: string) => `Unsupported AWS 'algorithm': '${algorithm}'.`,

  /** Older answers repeated the header itself; the current ones only its hash. */
  notInPairs: (authorization: string) =>
    `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${sha256Base64(authorization)}'.`,

  headerParts: {
    credential: "Authorization header requires 'Credential' parameter.",
    signature: "Authorization header requires 'Signature' parameter.",
    signedHeaders: "Authorization header requires 'SignedHeaders' parameter.",
    date: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
  },
  headerPartsMissing: (sentences: readonly string[], algorithm: string) =>
    `${sentences.join(' ')} Authorization=${algorithm}`,

  queryParts: {
    credential: "AWS query-string parameters must include 'X-Amz-Credential'.",
    signature: "AWS query-string parameters must include 'X-Amz-Signature'.",
    signedHeaders: "AWS query-string parameters must include 'X-Amz-SignedHeaders'.",
    date: "AWS query-string parameters must include 'X-Amz-Date'.",
  },
  queryPartsMissing: (sentences: readonly string[]) => `${sentences.join(' ')} Re-examine the query-string parameters.`,

  hostNotSigned: "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
  /** Not recorded: the sentence above with another name. */
  headerNotSigned: (name: string) => `'${name}' must be a 'SignedHeader' in the AWS Authorization.`,

  dateForm: (date: string) =>
    `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,

  /** Not recorded for these services: S3's sentences about the same parameter. */
  expiresForm: 'X-Amz-Expires should be a number',
  expiresRange:
    'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',

  /** Seen for the clock; that a presigned request past its time is answered likewise is inferred. */
  expired: (date: Timestamp, earliest: Timestamp, now: Timestamp, window: number) =>
    `Signature expired: ${date.text} is now earlier than ${earliest.text} (${now.text} - ${formatWindow(window)})`,
  notYetCurrent: (date: Timestamp, latest: Timestamp, now: Timestamp, window: number) =>
    `Signature not yet current: ${date.text} is still later than ${latest.text} (${now.text} + ${formatWindow(window)})`,

  credentialParts: (credential: string) =>
    `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,

  scope: {
    region: (actual: string) => `Credential should be scoped to a valid region, not '${actual}'.`,
    service: (service: string) => `Credential should be scoped to correct service: '${service}'.`,
    terminator: (actual: string) =>
      `Credential should be scoped with a valid terminator: '${terminator}', not '${actual}'.`,
    day: (actual: string, date: Timestamp) =>
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${actual}' != '${date.day}', from '${date.text}'.`,
  },
  /** Each sentence is followed by a blank, the last one too: https://github.com/Kong/insomnia/issues/713 */
  scopeWrong: (sentences: readonly string[]) => sentences.map((sentence) => `${sentence} `).join(''),

  tokenExpired: 'The security token included in the request is expired',
  /** The query services alone leave out the full stop here. */
  tokenBroken: (endpoint: VerifyingEndpoint<unknown>) =>
    `The security token included in the request is invalid${isQueryService(endpoint) ? '' : '.'}`,
  keyUnknown: 'The security token included in the request is invalid.',

  signatureMismatch:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
} as const
