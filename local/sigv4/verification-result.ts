interface SigningScope {
  readonly service: string
  readonly region: string
}

/** What would have passed, check by check: for people, in the words of signing tools. */
export const signatureFixes = {
  http: () => 'Send a well-formed HTTP/1.1 request.',
  path: () => 'Percent-encode the path, as UTF-8.',
  query: () => 'Percent-encode the query; a percent sign itself is %25.',
  presence: ({ service, region }) => `Sign the request with Signature Version 4, for ${service} in ${region}.`,
  'one form': () => 'Sign in the Authorization header or in the query, not in both.',
  algorithm: () => 'Sign with AWS4-HMAC-SHA256.',
  pairs: () => 'Write Authorization: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…',
  parts: () => 'Give Credential, SignedHeaders, Signature and a date.',
  host: () => 'Sign the header host.',
  'amz headers': () => 'Add X-Amz-* headers before signing, and sign them all.',
  date: () => 'Date the request in UTC and basic form: X-Amz-Date: 20260102T030405Z.',
  expires: () => 'Give X-Amz-Expires as whole seconds, fewer than 604800.',
  clock: () => 'Set the clock of the signer, and send at once what was signed.',
  credential: ({ service, region }) => `Write the credential as <key id>/<yyyymmdd>/${region}/${service}/aws4_request.`,
  scope: ({ service, region }) => `Sign for ${service} in ${region}, on the day of the request.`,
  token: () => 'Send the session token that came with the access key; when the session is over, assume the role again.',
  key: () => 'Use an access key that exists here (snowgate env <identity>), a temporary one with its session token.',
  signature: () => 'Sign with the secret of this access key, and send exactly what was signed.',
} as const satisfies Record<string, (scope: SigningScope) => string>

export type SignatureCheckName = keyof typeof signatureFixes

/** The vocabulary of signature verification. Rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */

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

/** The codes of the query services; API Gateway and the JSON services rename some of them. */
export type SignatureRejectionCode =
  | 'MalformedRequest'
  | 'MalformedQueryString'
  | 'MissingAuthenticationToken'
  | 'IncompleteSignature'
  | 'SignatureDoesNotMatch'
  | 'InvalidClientTokenId'
  | 'ExpiredToken'

export interface SignatureRejection {
  readonly code: SignatureRejectionCode
  /** AWS's message; may be empty. They echo what the caller sent, so they are for the caller only. */
  readonly message: string
  /** The check that failed, such as `clock`, `scope`, `token`, `signature`; in their order in `verify-signature.ts`. */
  readonly check: SignatureCheckName
  /** For the stack's log and `--explain`: what was compared and what would have passed. Never holds a secret or a token. */
  readonly explanation: readonly string[]
  /** What would have passed the check. */
  readonly fix: string
  /**
   * Only on a signature mismatch: what API Gateway prints back to the caller. It holds the caller's session token when
   * that is signed: return it to the caller, never log it.
   */
  readonly canonicalRequest?: string
  /** Only on a signature mismatch. Holds no secret: date, scope and a hash. */
  readonly stringToSign?: string
}

export type SignatureForm = 'header' | 'query'

export type VerificationResult<Owner> =
  | {
      readonly verified: true
      readonly owner: Owner
      readonly accessKeyId: string
      readonly form: SignatureForm
      /** Lower-case names: only these headers are proved to be the signer's. */
      readonly signedHeaders: readonly string[]
    }
  | { readonly verified: false; readonly rejection: SignatureRejection }
