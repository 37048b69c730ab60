import {
  firstHeader,
  firstParameter,
  type QueryParameter,
  type QueryString,
  type WireHeaders,
} from './canonical-request.ts'
import type { SignatureForm } from './verification-result.ts'

/** What a request says of its own signature, as said: nothing is checked yet, and what is not said is `undefined`. */
export interface ClaimedSignature {
  readonly form: SignatureForm
  /** The word in front, or the value of `X-Amz-Algorithm`. */
  readonly algorithm: string
  /** Header form: whether every piece after the word is `key=value`. */
  readonly isKeyValueList: boolean
  readonly credential: string | undefined
  readonly signedHeaders: string | undefined
  readonly signature: string | undefined
  readonly date: string | undefined
  /** Where the date stands; only the HTTP header may use HTTP's own form. */
  readonly dateSource: 'X-Amz-Date' | 'Date'
  /** Query form: seconds. */
  readonly expires: string | undefined
  readonly token: string | undefined
}

export type ClaimedSignatures = 'none' | 'both' | ClaimedSignature

/** `X-Amz-Algorithm` alone makes a query the presigned form (measured on the query services). */
export const readClaimedSignature = (headers: WireHeaders, query: QueryString): ClaimedSignatures => {
  const authorization = firstHeader(headers, 'authorization')
  const algorithm = firstParameter(query, 'X-Amz-Algorithm')
  if (authorization !== undefined && algorithm !== undefined) return 'both'
  if (authorization !== undefined) return readAuthorizationHeader(authorization, headers)
  return algorithm === undefined ? 'none' : readPresignedQuery(algorithm, query)
}

/** `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` cut into its word and its pieces. */
export const splitAuthorizationHeader = (
  authorization: string,
): { readonly algorithm: string; readonly pieces: readonly string[] } => {
  const [algorithm = '', ...rest] = authorization.split(' ')
  const pieces = rest.join(' ').split(',')
  return { algorithm, pieces: pieces.map((piece) => piece.replace(/^ | $/g, '')).filter((piece) => piece !== '') }
}

/** Of repeated pieces the last counts (measured on the query services). */
export const authorizationComponent = (pieces: readonly string[], name: string): string | undefined =>
  pieces.findLast((piece) => piece.startsWith(`${name}=`))?.slice(name.length + 1)

/**
 * The header form. The session token comes from its header whether signed or not: some older signers append it after
 * signing, and it vouches for itself, since it must be the one that was issued with the key.
 */
const readAuthorizationHeader = (authorization: string, headers: WireHeaders): ClaimedSignature => {
  const { algorithm, pieces } = splitAuthorizationHeader(authorization)
  const amzDate = firstHeader(headers, 'x-amz-date')
  return {
    form: 'header',
    algorithm,
    isKeyValueList: pieces.every((piece) => piece.includes('=')),
    credential: authorizationComponent(pieces, 'Credential'),
    signedHeaders: authorizationComponent(pieces, 'SignedHeaders'),
    signature: authorizationComponent(pieces, 'Signature'),
    date: amzDate ?? firstHeader(headers, 'date'),
    dateSource: amzDate === undefined ? 'Date' : 'X-Amz-Date',
    expires: undefined,
    token: firstHeader(headers, 'x-amz-security-token'),
  }
}

/** The query form. Its date and token stand in the query and nowhere else. */
const readPresignedQuery = (algorithm: string, query: QueryString): ClaimedSignature => ({
  form: 'query',
  algorithm,
  isKeyValueList: true,
  credential: firstParameter(query, 'X-Amz-Credential'),
  signedHeaders: firstParameter(query, 'X-Amz-SignedHeaders'),
  signature: firstParameter(query, 'X-Amz-Signature'),
  date: firstParameter(query, 'X-Amz-Date'),
  dateSource: 'X-Amz-Date',
  expires: firstParameter(query, 'X-Amz-Expires'),
  token: firstParameter(query, 'X-Amz-Security-Token'),
})

/**
 * What a presigned query signs: all of it but its signature. Only the occurrence that counts is left out, so that
 * nothing unsigned can ride along under the same name.
 */
export const queryWithoutSignature = (parameters: readonly QueryParameter[]): readonly QueryParameter[] => {
  const at = parameters.findIndex(({ name }) => name === 'X-Amz-Signature')
  return at < 0 ? parameters : parameters.toSpliced(at, 1)
}
