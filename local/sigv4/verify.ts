import type { WireRequest } from '../http/index.ts'
import { type Attempt, readAttempt } from './attempt.ts'
import type { Refused } from './check.ts'
import { claimChecks, requestChecks } from './checks.ts'
import { namesOf } from './claim-checks.ts'
import { type CheckName, remedies } from './remedies.ts'
import type { Verdict, VerifyingEndpoint } from './types.ts'

const firstRefusal = (attempt: Attempt): (Refused & { check: CheckName }) | undefined => {
  for (const { name, refuses } of requestChecks) {
    const refusal = refuses(attempt)
    if (refusal !== undefined) return { check: name, ...refusal }
  }
  const { claims } = attempt
  if (typeof claims === 'string')
    throw new TypeError('the checks of the request let one pass that makes no single claim')
  for (const { name, refuses } of claimChecks) {
    const refusal = refuses(attempt, claims)
    if (refusal !== undefined) return { check: name, ...refusal }
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
export const verify = <Owner>(request: WireRequest, endpoint: VerifyingEndpoint<Owner>): Verdict<Owner> => {
  const attempt = readAttempt(request, endpoint)
  const refusal = firstRefusal(attempt)
  if (refusal !== undefined) {
    return { verified: false, refusal: { ...refusal, remedy: remedies[refusal.check](endpoint) } }
  }
  const { key, claims } = attempt
  if (key === undefined || typeof claims === 'string')
    throw new TypeError('the checks let a request without a key pass')
  const { owner, accessKeyId } = key
  return { verified: true, owner, accessKeyId, form: claims.form, signedHeaders: namesOf(claims) }
}
