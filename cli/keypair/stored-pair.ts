import type { KeyObject } from 'node:crypto'
import { readPrivateKey } from '../../shared/aws/private-key.ts'
import { ServiceError } from '../../shared/errors/service-error.ts'
import { type SnowflakePublicKey, toSnowflakePublicKey } from '../../shared/snowflake/index.ts'
import type { SecretStore, StoredValue } from './parameter-store.ts'

export interface ParameterNames {
  readonly privateKey: string
  readonly passphrase: string
}

/** A stored private key: usable, or with the problem that makes it unusable. */
export type StoredKey = { readonly pem: string; readonly version: number; readonly storedAt: Date } & (
  | { readonly key: KeyObject; readonly publicHalf: SnowflakePublicKey }
  | { readonly problem: string }
)

export interface StoredPair {
  readonly passphrase?: string
  readonly current?: StoredKey
  /** The new key of a rotation in progress; no function reads it yet. */
  readonly next?: StoredKey
}

/** The parameter of the next private key until it is registered in Snowflake. The function's role cannot read it. */
export const nextParameterName = (privateKey: string): string => `${privateKey}-next`

export const readStoredPair = async (store: SecretStore, names: ParameterNames): Promise<StoredPair> => {
  const [passphrase, current, next] = await Promise.all([
    store.read(names.passphrase),
    store.read(names.privateKey),
    store.read(nextParameterName(names.privateKey)),
  ])
  return {
    ...(passphrase && { passphrase: passphrase.value }),
    ...(current && { current: decryptKey(current, passphrase?.value) }),
    ...(next && { next: decryptKey(next, passphrase?.value) }),
  }
}

/** Uses the same code as the service. */
const decryptKey = ({ value: pem, version, storedAt }: StoredValue, passphrase: string | undefined): StoredKey => {
  try {
    const key = readPrivateKey(pem, passphrase)
    return { pem, version, storedAt, key, publicHalf: toSnowflakePublicKey(key) }
  } catch (error) {
    if (error instanceof ServiceError) return { pem, version, storedAt, problem: `${error.code}: ${error.message}` }
    throw error
  }
}

/** A retried write stores the same key twice. */
const maxRepeatedWrites = 5

/** The fingerprint of the previous stored key, if it can still be read. */
export const fingerprintBefore = async (
  store: SecretStore,
  { privateKey }: ParameterNames,
  { passphrase, current }: StoredPair,
): Promise<string | undefined> => {
  if (!current || !('publicHalf' in current)) return undefined
  for (let version = current.version - 1; version > 0 && version >= current.version - maxRepeatedWrites; version--) {
    const earlier = await store.read(privateKey, version)
    const key = earlier && decryptKey(earlier, passphrase)
    if (!key || !('publicHalf' in key)) return undefined
    if (key.publicHalf.fingerprint !== current.publicHalf.fingerprint) return key.publicHalf.fingerprint
  }
  return undefined
}
