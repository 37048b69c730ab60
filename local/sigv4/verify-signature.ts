import type { WireRequest } from '../http.ts'
import {
  missingComponents,
  missingEqualSign,
  signedHeaderNames,
  unknownAlgorithm,
  unsignedAmzHeader,
  unsignedHost,
  unsupportedAlgorithm,
} from './authorization-checks.ts'
import { expiredToken, invalidToken, malformedCredential, unknownAccessKey, wrongScope } from './credential-checks.ts'
import { expiredSignature, malformedDate, malformedExpires, notYetCurrent } from './date-checks.ts'
import { duplicateSignature, malformedHttp, malformedPath, malformedQuery, missingSignature } from './request-checks.ts'
import { signatureMismatch } from './signature-check.ts'
import type { CheckRejection, RequestCheck, SignatureCheck } from './signature-rejection.ts'
import { readSignedRequest, type SignedRequest } from './signed-request.ts'
import {
  type SignatureCheckName,
  signatureFixes,
  type VerificationResult,
  type VerifyingEndpoint,
} from './verification-result.ts'

/**
 * The checks in the order of the real services, each with the answer seen there; the first refusal is the answer.
 * Measured on STS and IAM: https://github.com/dacut/scratchstack-aws-signature (docs/AWS Auth Error Ordering.pdf). The
 * published answers of API Gateway agree where there are any. Lines marked "ours" have no recording.
 */
export const requestChecks: readonly RequestCheck[] = [
  { name: 'http', reject: malformedHttp }, //              ours; no parser lets these in
  { name: 'path', reject: malformedPath }, //           400 without a body
  { name: 'query', reject: malformedQuery }, //         MalformedQueryString: Incomplete trailing escape % sequence
  { name: 'presence', reject: missingSignature }, //             MissingAuthenticationToken
  { name: 'one form', reject: duplicateSignature }, //           SignatureDoesNotMatch, no message
]

export const signatureChecks: readonly SignatureCheck[] = [
  { name: 'algorithm', reject: unsupportedAlgorithm }, //   IncompleteSignature: Unsupported AWS 'algorithm': '…'.
  { name: 'pairs', reject: missingEqualSign }, //             IncompleteSignature: Invalid key=value pair …
  { name: 'parts', reject: missingComponents }, //           IncompleteSignature: Authorization header requires …
  { name: 'algorithm', reject: unknownAlgorithm }, //   ours; API Gateway, any other word before complete parts
  { name: 'host', reject: unsignedHost }, //           SignatureDoesNotMatch: 'Host' or ':authority' must be …
  { name: 'amz headers', reject: unsignedAmzHeader }, // ours; the rule is AWS's, its words are not published
  { name: 'date', reject: malformedDate }, //           IncompleteSignature: Date must be in ISO-8601 …
  { name: 'expires', reject: malformedExpires }, //     ours; the words are S3's
  { name: 'clock', reject: expiredSignature }, //                SignatureDoesNotMatch: Signature expired: …
  { name: 'clock', reject: notYetCurrent }, //          SignatureDoesNotMatch: Signature not yet current: …
  { name: 'credential', reject: malformedCredential }, // IncompleteSignature: Credential must have exactly 5 …
  { name: 'scope', reject: wrongScope }, //             SignatureDoesNotMatch: Credential should be scoped to …
  { name: 'token', reject: invalidToken }, //            InvalidClientTokenId: … is invalid
  { name: 'token', reject: expiredToken }, //           ExpiredToken: … is expired
  { name: 'key', reject: unknownAccessKey }, //               InvalidClientTokenId: … is invalid.
  { name: 'signature', reject: signatureMismatch }, //  SignatureDoesNotMatch: The request signature we calculated …
]

const firstRejection = (attempt: SignedRequest): (CheckRejection & { check: SignatureCheckName }) | undefined => {
  for (const { name, reject } of requestChecks) {
    const rejection = reject(attempt)
    if (rejection !== undefined) return { check: name, ...rejection }
  }
  const { claimedSignature } = attempt
  if (typeof claimedSignature === 'string')
    throw new TypeError('the checks of the request let one pass that makes no single claim')
  for (const { name, reject } of signatureChecks) {
    const rejection = reject(attempt, claimedSignature)
    if (rejection !== undefined) return { check: name, ...rejection }
  }
  return undefined
}

/**
 * Judges the AWS Signature Version 4 of a request, in header or presigned form, as the endpoint's service would (not
 * S3). Whatever the request holds, this answers and does not throw.
 *
 * Demanded: `host` signed, and every `x-amz-*` header of the request, but for two that real clients leave unsigned:
 * `x-amz-content-sha256` (aws-requests-auth, awscurl; it is not believed, the body received is hashed) and
 * `X-Amz-Security-Token` (appended after signing by some; it has to be the token issued with the key). Any other header
 * may go unsigned; `signedHeaders` of the verdict tells which were. `UNSIGNED-PAYLOAD` is not honoured.
 *
 * The date is `X-Amz-Date`, else `Date`: ISO 8601 basic form, and in `Date` also HTTP's own form (IMF-fixdate). A
 * presigned request lasts for its `X-Amz-Expires` (up to a week), without that as long as any other.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
 */
export const verifySignature = <Owner>(
  request: WireRequest,
  endpoint: VerifyingEndpoint<Owner>,
): VerificationResult<Owner> => {
  const attempt = readSignedRequest(request, endpoint)
  const rejection = firstRejection(attempt)
  if (rejection !== undefined) {
    return { verified: false, rejection: { ...rejection, fix: signatureFixes[rejection.check](endpoint) } }
  }
  const { key, claimedSignature } = attempt
  if (key === undefined || typeof claimedSignature === 'string')
    throw new TypeError('the checks let a request without a key pass')
  const { owner, accessKeyId } = key
  return {
    verified: true,
    owner,
    accessKeyId,
    form: claimedSignature.form,
    signedHeaders: signedHeaderNames(claimedSignature),
  }
}
