import type { ClaimCheck, RequestCheck } from './check.ts'
import {
  amzHeaderNotSigned,
  foreignAlgorithm,
  hostNotSigned,
  notInPairs,
  partsMissing,
  unknownAlgorithm,
} from './claim-checks.ts'
import { expired, malformedDate, malformedExpires, notYetCurrent } from './date-checks.ts'
import { brokenToken, expiredToken, malformedCredential, unknownKey, wrongScope } from './key-checks.ts'
import { malformedPath, malformedQuery, noClaim, twoClaims, unlikeHttp } from './request-checks.ts'
import { signatureMismatch } from './signature-check.ts'

/**
 * The checks in the order of the real services, each with the answer seen there; the first refusal is the answer.
 * Measured on STS and IAM: https://github.com/dacut/scratchstack-aws-signature (docs/AWS Auth Error Ordering.pdf). The
 * published answers of API Gateway agree where there are any. Lines marked "ours" have no recording.
 */
export const requestChecks: readonly RequestCheck[] = [
  { name: 'http', refuses: unlikeHttp }, //              ours; no parser lets these in
  { name: 'path', refuses: malformedPath }, //           400 without a body
  { name: 'query', refuses: malformedQuery }, //         MalformedQueryString: Incomplete trailing escape % sequence
  { name: 'presence', refuses: noClaim }, //             MissingAuthenticationToken
  { name: 'one form', refuses: twoClaims }, //           SignatureDoesNotMatch, no message
]

export const claimChecks: readonly ClaimCheck[] = [
  { name: 'algorithm', refuses: foreignAlgorithm }, //   IncompleteSignature: Unsupported AWS 'algorithm': '…'.
  { name: 'pairs', refuses: notInPairs }, //             IncompleteSignature: Invalid key=value pair …
  { name: 'parts', refuses: partsMissing }, //           IncompleteSignature: Authorization header requires …
  { name: 'algorithm', refuses: unknownAlgorithm }, //   ours; API Gateway, any other word before complete parts
  { name: 'host', refuses: hostNotSigned }, //           SignatureDoesNotMatch: 'Host' or ':authority' must be …
  { name: 'amz headers', refuses: amzHeaderNotSigned }, // ours; the rule is AWS's, its words are not published
  { name: 'date', refuses: malformedDate }, //           IncompleteSignature: Date must be in ISO-8601 …
  { name: 'expires', refuses: malformedExpires }, //     ours; the words are S3's
  { name: 'clock', refuses: expired }, //                SignatureDoesNotMatch: Signature expired: …
  { name: 'clock', refuses: notYetCurrent }, //          SignatureDoesNotMatch: Signature not yet current: …
  { name: 'credential', refuses: malformedCredential }, // IncompleteSignature: Credential must have exactly 5 …
  { name: 'scope', refuses: wrongScope }, //             SignatureDoesNotMatch: Credential should be scoped to …
  { name: 'token', refuses: brokenToken }, //            InvalidClientTokenId: … is invalid
  { name: 'token', refuses: expiredToken }, //           ExpiredToken: … is expired
  { name: 'key', refuses: unknownKey }, //               InvalidClientTokenId: … is invalid.
  { name: 'signature', refuses: signatureMismatch }, //  SignatureDoesNotMatch: The request signature we calculated …
]
