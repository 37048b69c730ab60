import { createPublicKey, hash, type KeyObject } from 'node:crypto'

/** The public key as Snowflake stores and shows it. https://docs.snowflake.com/en/user-guide/key-pair-auth */
export interface SnowflakePublicKey {
  /** The PEM on one line without its first and last line, for ALTER USER. */
  readonly body: string
  /** As in DESC USER: `SHA256:` and the digest of the key as DER, in base64. */
  readonly fingerprint: string
}

export const toSnowflakePublicKey = (privateKey: KeyObject): SnowflakePublicKey => {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
  return { body: der.toString('base64'), fingerprint: `SHA256:${hash('sha256', der, 'base64')}` }
}
