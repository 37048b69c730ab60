import { hash } from 'node:crypto'
import { terminator } from './credential.ts'
import type { Timestamp } from './timestamp.ts'
import type { VerifyingEndpoint } from './types.ts'

/**
 * STS and IAM (the query protocol) word two refusals differently from API Gateway and the JSON services, and look at the
 * algorithm before anything else.
 */
export const isQueryService = ({ clockSkewMinutes }: VerifyingEndpoint<unknown>): boolean => clockSkewMinutes === 15

const sha256Base64 = (text: string): string => hash('sha256', Buffer.from(text, 'latin1'), 'base64')

const windowInWords = (seconds: number): string => (seconds % 60 === 0 ? `${seconds / 60} min.` : `${seconds} sec.`)

/**
 * AWS's own words, as its services were seen to answer. Recorded for the query services in
 * https://github.com/dacut/scratchstack-aws-signature (docs/AWS Auth Error Ordering.pdf), for API Gateway in the issues
 * named beside them; what no recording shows says so.
 */
export const words = {
  missingToken: (endpoint: VerifyingEndpoint<unknown>) =>
    isQueryService(endpoint) ? 'Request is missing Authentication Token' : 'Missing Authentication Token',

  unsupportedAlgorithm: (word: string) => `Unsupported AWS 'algorithm': '${word}'.`,

  /** Older answers repeated the header itself; the current ones only its hash. */
  notInPairs: (authorization: string) =>
    `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${sha256Base64(authorization)}'.`,

  headerParts: {
    credential: "Authorization header requires 'Credential' parameter.",
    signature: "Authorization header requires 'Signature' parameter.",
    signedHeaders: "Authorization header requires 'SignedHeaders' parameter.",
    date: "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
  },
  headerPartsMissing: (sentences: readonly string[], word: string) => `${sentences.join(' ')} Authorization=${word}`,

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
    `Signature expired: ${date.text} is now earlier than ${earliest.text} (${now.text} - ${windowInWords(window)})`,
  notYetCurrent: (date: Timestamp, latest: Timestamp, now: Timestamp, window: number) =>
    `Signature not yet current: ${date.text} is still later than ${latest.text} (${now.text} + ${windowInWords(window)})`,

  credentialParts: (credential: string) =>
    `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,

  scope: {
    region: (said: string) => `Credential should be scoped to a valid region, not '${said}'.`,
    service: (service: string) => `Credential should be scoped to correct service: '${service}'.`,
    terminator: (said: string) =>
      `Credential should be scoped with a valid terminator: '${terminator}', not '${said}'.`,
    day: (said: string, date: Timestamp) =>
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${said}' != '${date.day}', from '${date.text}'.`,
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
