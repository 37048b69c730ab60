import { createPublicKey, hash, type KeyObject } from 'node:crypto'

/** What Snowflake is told of a key, and shows of it. https://docs.snowflake.com/en/user-guide/key-pair-auth */
export interface PublicHalf {
  /** The PEM without its first and last line, in one piece: what ALTER USER takes. */
  readonly body: string
  /** As DESC USER shows it: `SHA256:` and the digest of the key as DER, in base64. */
  readonly fingerprint: string
}

export const publicHalfOf = (privateKey: KeyObject): PublicHalf => {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return { body: der.toString('base64'), fingerprint: `SHA256:${hash('sha256', der, 'base64')}` }
}
