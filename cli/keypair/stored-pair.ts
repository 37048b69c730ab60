import type { KeyObject } from 'node:crypto'
import { readPrivateKey } from '../../shared/credentials/index.ts'
import { ServiceError } from '../../shared/errors/index.ts'
import { type PublicHalf, publicHalfOf } from '../../shared/snowflake/index.ts'
import type { SecretStore, StoredValue } from './secret-store.ts'

export interface ParameterNames {
  readonly privateKey: string
  readonly passphrase: string
}

/** A private key as it lies in the store: one that the service can use, or why it cannot. */
export type StoredKey = { readonly pem: string; readonly version: number; readonly since: Date } & (
  | { readonly key: KeyObject; readonly half: PublicHalf }
  | { readonly fault: string }
)

export interface StoredPair {
  readonly passphrase?: string
  readonly current?: StoredKey
  /** Made by a rotation that is under way, and read by nobody yet. */
  readonly next?: StoredKey
}

/** Where the next private key waits until Snowflake knows it. The role of the function may not read it. */
export const nextOf = (privateKey: string): string => `${privateKey}-next`

export const readStoredPair = async (store: SecretStore, names: ParameterNames): Promise<StoredPair> => {
  const [passphrase, current, next] = await Promise.all([
    store.read(names.passphrase),
    store.read(names.privateKey),
    store.read(nextOf(names.privateKey)),
  ])
  return {
    ...(passphrase && { passphrase: passphrase.value }),
    ...(current && { current: opened(current, passphrase?.value) }),
    ...(next && { next: opened(next, passphrase?.value) }),
  }
}

/** Read by the code that the service reads it with. */
const opened = ({ value: pem, version, since }: StoredValue, passphrase: string | undefined): StoredKey => {
  try {
    const key = readPrivateKey(pem, passphrase)
    return { pem, version, since, key, half: publicHalfOf(key) }
  } catch (error) {
    if (error instanceof ServiceError) return { pem, version, since, fault: `${error.code}: ${error.message}` }
    throw error
  }
}

/** A write that was repeated stored the same key twice; more often than this it was no repetition. */
const mostRepeated = 5

/** The fingerprint of the key that was stored before this one, if it can still be read. */
export const fingerprintBefore = async (
  store: SecretStore,
  { privateKey }: ParameterNames,
  { passphrase, current }: StoredPair,
): Promise<string | undefined> => {
  if (!current || !('half' in current)) return undefined
  for (let version = current.version - 1; version > 0 && version >= current.version - mostRepeated; version--) {
    const earlier = await store.read(privateKey, version)
    const key = earlier && opened(earlier, passphrase)
    if (!key || !('half' in key)) return undefined
    if (key.half.fingerprint !== current.half.fingerprint) return key.half.fingerprint
  }
  return undefined
}
