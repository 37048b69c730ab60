import { generateKeyPair, randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import { type PublicHalf, publicHalfOf } from '../../shared/snowflake/index.ts'

export interface MadeKey {
  /** Encrypted PKCS#8. */
  readonly pem: string
  readonly half: PublicHalf
}

/** https://docs.snowflake.com/en/user-guide/key-pair-auth: 2048 at least. */
export const sizes = [2048, 3072, 4096] as const
export type Bits = (typeof sizes)[number]

/** PBES2 with AES-256-CBC (RFC 8018, section 6.2): what `openssl pkcs8 -topk8 -v2 aes-256-cbc` writes, and Snowflake's drivers read. */
export const makeKey = async (bits: Bits, passphrase: string): Promise<MadeKey> => {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
  return { pem: pem.toString(), half: publicHalfOf(privateKey) }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** 238 bits, in letters and digits: no shell, console or file format does anything to them. */
export const newPassphrase = (): string =>
  Array.from({ length: 40 }, () => alphabet[randomInt(alphabet.length)] ?? '').join('')

/** What would not come through for everybody who reads the same parameter. */
export const faultOfPassphrase = (passphrase: string): string | undefined => {
  if (/^["'`]|["'`]$/.test(passphrase)) return 'has quotes around it'
  return /^[\x21-\x7e]+$/.test(passphrase) ? undefined : 'contains a space, a line break or a non-ASCII character'
}
