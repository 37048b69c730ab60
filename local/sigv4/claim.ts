import { authorizationClaim } from './authorization-header.ts'
import { presignedClaim } from './presigned-query.ts'
import { firstParameter, type QueryString } from './query-string.ts'
import type { SignatureForm } from './types.ts'
import { firstHeader, type WireHeaders } from './wire-headers.ts'

/** What a request says of its own signature, as said: nothing is checked yet, and what is not said is `undefined`. */
export interface Claim {
  readonly form: SignatureForm
  /** The word in front, or the value of `X-Amz-Algorithm`. */
  readonly algorithm: string
  /** Header form: whether every piece after the word is `key=value`. */
  readonly inPairs: boolean
  readonly credential: string | undefined
  readonly signedHeaders: string | undefined
  readonly signature: string | undefined
  readonly date: string | undefined
  /** Where the date stands; only the HTTP header may use HTTP's own form. */
  readonly dateFrom: 'X-Amz-Date' | 'Date'
  /** Query form: seconds. */
  readonly expires: string | undefined
  readonly token: string | undefined
}

export type Claims = 'none' | 'both' | Claim

/** `X-Amz-Algorithm` alone makes a query the presigned form (measured on the query services). */
export const readClaims = (headers: WireHeaders, query: QueryString): Claims => {
  const authorization = firstHeader(headers, 'authorization')
  const algorithm = firstParameter(query, 'X-Amz-Algorithm')
  if (authorization !== undefined && algorithm !== undefined) return 'both'
  if (authorization !== undefined) return authorizationClaim(authorization, headers)
  return algorithm === undefined ? 'none' : presignedClaim(algorithm, query)
}
