import type { Claim } from './claim.ts'
import { firstHeader, type WireHeaders } from './wire-headers.ts'

/** `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` cut into its word and its pieces. */
export const cutAuthorization = (
  authorization: string,
): { readonly word: string; readonly pieces: readonly string[] } => {
  const [word = '', ...rest] = authorization.split(' ')
  const pieces = rest.join(' ').split(',')
  return { word, pieces: pieces.map((piece) => piece.replace(/^ | $/g, '')).filter((piece) => piece !== '') }
}

/** Of repeated pieces the last counts (measured on the query services). */
export const pieceNamed = (pieces: readonly string[], name: string): string | undefined =>
  pieces.findLast((piece) => piece.startsWith(`${name}=`))?.slice(name.length + 1)

/**
 * The header form. The session token comes from its header whether signed or not: some older signers append it after
 * signing, and it vouches for itself, since it must be the one that was issued with the key.
 */
export const authorizationClaim = (authorization: string, headers: WireHeaders): Claim => {
  const { word, pieces } = cutAuthorization(authorization)
  const amzDate = firstHeader(headers, 'x-amz-date')
  return {
    form: 'header',
    algorithm: word,
    inPairs: pieces.every((piece) => piece.includes('=')),
    credential: pieceNamed(pieces, 'Credential'),
    signedHeaders: pieceNamed(pieces, 'SignedHeaders'),
    signature: pieceNamed(pieces, 'Signature'),
    date: amzDate ?? firstHeader(headers, 'date'),
    dateFrom: amzDate === undefined ? 'Date' : 'X-Amz-Date',
    expires: undefined,
    token: firstHeader(headers, 'x-amz-security-token'),
  }
}
