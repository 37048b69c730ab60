import { generateKeyPair, randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import { type SnowflakePublicKey, toSnowflakePublicKey } from '../../shared/snowflake/index.ts'

export interface CreatedKey {
  /** Encrypted PKCS#8. */
  readonly pem: string
  readonly publicHalf: SnowflakePublicKey
}

/** https://docs.snowflake.com/en/user-guide/key-pair-auth: 2048 at least. */
export const keySizes = [2048, 3072, 4096] as const
export type KeySize = (typeof keySizes)[number]

/** PBES2 with AES-256-CBC (RFC 8018, section 6.2): what `openssl pkcs8 -topk8 -v2 aes-256-cbc` writes, and Snowflake's drivers read. */
export const createRsaKey = async (bits: KeySize, passphrase: string): Promise<CreatedKey> => {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: bits })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase })
  return { pem: pem.toString(), publicHalf: toSnowflakePublicKey(privateKey) }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** 238 bits, in letters and digits: no shell, console or file format changes them. */
export const createPassphrase = (): string =>
  Array.from({ length: 40 }, () => alphabet[randomInt(alphabet.length)] ?? '').join('')

/** A passphrase that not every client can read from the parameter. */
export const findPassphraseFault = (passphrase: string): string | undefined => {
  if (/^["'`]|["'`]$/.test(passphrase)) return 'has quotes around it'
  return /^[\x21-\x7e]+$/.test(passphrase) ? undefined : 'contains a space, a line break or a non-ASCII character'
}
