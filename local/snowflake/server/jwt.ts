import { type KeyObject, verify } from 'node:crypto'
import { z } from 'zod'

const maxTokenLength = 16_384
const jwtPart = z.record(z.string(), z.unknown())

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly signedText: string
  readonly signature: Uint8Array
}

/** A token in its compact form, read and not yet believed; undefined for what is none. */
export const readJwt = (token: string): Jwt | undefined => {
  if (token.length > maxTokenLength) return undefined
  const [header = '', claims = '', signature = '', ...more] = token.split('.')
  if (more.length > 0 || ![header, claims, signature].every((one) => /^[\w-]+$/.test(one))) return undefined
  const readHeader = readPart(header)
  const readClaims = readPart(claims)
  if (!readHeader || !readClaims) return undefined
  return {
    header: readHeader,
    claims: readClaims,
    signedText: `${header}.${claims}`,
    signature: Buffer.from(signature, 'base64url'),
  }
}

const readPart = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    return jwtPart.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString())).data
  } catch {
    return undefined
  }
}

/** https://docs.snowflake.com/en/user-guide/workload-identity-federation: no others. */
const algorithms: ReadonlyMap<string, { readonly hash: string; readonly key: 'rsa' | 'ec'; readonly curve?: string }> =
  new Map([
    ['RS256', { hash: 'sha256', key: 'rsa' }],
    ['RS384', { hash: 'sha384', key: 'rsa' }],
    ['RS512', { hash: 'sha512', key: 'rsa' }],
    ['ES256', { hash: 'sha256', key: 'ec', curve: 'prime256v1' }],
    ['ES384', { hash: 'sha384', key: 'ec', curve: 'secp384r1' }],
    ['ES512', { hash: 'sha512', key: 'ec', curve: 'secp521r1' }],
  ])

/** The algorithm has to be of the key's own kind: the token must not choose how it is judged. */
export const isSignedBy = ({ header, signedText: signed, signature }: Jwt, key: KeyObject): boolean => {
  const algorithm = algorithms.get(String(header['alg']))
  if (!algorithm || key.asymmetricKeyType !== algorithm.key) return false
  if (algorithm.curve !== undefined && key.asymmetricKeyDetails?.namedCurve !== algorithm.curve) return false
  return verify(algorithm.hash, Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature)
}

/** Seconds since 1970 of a claim in seconds or, as the Node driver writes it, in milliseconds. */
export const epochSeconds = (claim: unknown): number | undefined => {
  if (typeof claim !== 'number' || !Number.isFinite(claim)) return undefined
  return claim > 1e11 ? claim / 1_000 : claim
}
