/** The vocabulary of signature verification. Rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */

import type { CheckName } from './remedies.ts'

/** What the verifier must know of an access key. The secret never leaves the verifier. */
export interface AccessKey<Owner> {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Temporary keys only (`ASIA…`): the token that must come along. */
  readonly sessionToken?: string
  readonly expiration?: Date
  readonly owner: Owner
}

export interface VerifyingEndpoint<Owner> {
  readonly service: string
  readonly region: string
  /** How far the clock may be off: 5 minutes, STS 15. The 15 also marks the query services, whose words differ a little. */
  readonly clockSkewMinutes: 5 | 15
  readonly now: () => Date
  readonly findKey: (accessKeyId: string) => AccessKey<Owner> | undefined
}

/** The codes of the query services; API Gateway and the JSON services rename some of them at their door. */
export type SignatureRefusalCode =
  | 'MalformedRequest'
  | 'MalformedQueryString'
  | 'MissingAuthenticationToken'
  | 'IncompleteSignature'
  | 'SignatureDoesNotMatch'
  | 'InvalidClientTokenId'
  | 'ExpiredToken'

export interface SignatureRefusal {
  readonly code: SignatureRefusalCode
  /** AWS's words; may be empty where AWS says none. They echo what the caller sent, so they are for the caller only. */
  readonly message: string
  /** The check that failed, such as `clock`, `scope`, `token`, `signature`; in their order in `checks.ts`. */
  readonly check: CheckName
  /** For the stack's log and `--explain`: what was compared and what would have passed. Never holds a secret or a token. */
  readonly explanation: readonly string[]
  /** What would have passed the check. */
  readonly remedy: string
  /**
   * Only on a signature mismatch: what API Gateway prints back to the caller. It holds the caller's session token when
   * that is signed: return it to the caller, never log it.
   */
  readonly canonicalRequest?: string
  /** Only on a signature mismatch. Holds no secret: date, scope and a hash. */
  readonly stringToSign?: string
}

export type SignatureForm = 'header' | 'query'

export type Verdict<Owner> =
  | {
      readonly verified: true
      readonly owner: Owner
      readonly accessKeyId: string
      readonly form: SignatureForm
      /** Lower-case names: only these headers are proved to be the signer's. */
      readonly signedHeaders: readonly string[]
    }
  | { readonly verified: false; readonly refusal: SignatureRefusal }
