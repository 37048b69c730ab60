import { createPublicKey, hash, type KeyObject } from 'node:crypto'
import { compilationError } from '../errors.ts'

export interface PublicKey {
  readonly key: KeyObject
  /** `SHA256:` and the digest of the key as DER, in base64: what DESC USER shows and a token of the key names. */
  readonly fingerprint: string
}

/** The body of the PEM without its first and last line. https://docs.snowflake.com/en/user-guide/key-pair-auth */
export const readPublicKey = (body: string): PublicKey => {
  const key = parsed(body)
  if (key?.asymmetricKeyType !== 'rsa' || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2_048) {
    throw compilationError(
      'the public key is no RSA key of 2048 bits or more, written as its PEM without the header lines.',
    )
  }
  const der = key.export({ format: 'der', type: 'spki' })
  return { key, fingerprint: `SHA256:${hash('sha256', der, 'base64')}` }
}

const parsed = (body: string): KeyObject | undefined => {
  try {
    return createPublicKey({ key: Buffer.from(body, 'base64'), format: 'der', type: 'spki' })
  } catch {
    return undefined
  }
}
