import type { KeyObject } from 'node:crypto'
import type { SnowflakePublicKey } from '../../shared/snowflake/index.ts'
import type { SecretStore } from './parameter-store.ts'
import type { PublicKeyProperty, RunSql } from './public-keys.ts'
import type { CreatedKey, KeySize } from './rsa-key.ts'

/** Runs one step that changes something, and prints it. A dry run prints it only, and returns `dryRunResult`. */
export type RunStep = <Result>(
  description: string,
  work: () => Promise<Result>,
  dryRunResult: Result,
) => Promise<Result>

/** Everything that creating and rotating a key pair uses. */
export interface KeypairContext {
  readonly store: SecretStore
  /** Absent: the statements are printed. */
  readonly runSql: RunSql | undefined
  /** Logs in with the key; a string is the reason for a failure. */
  readonly tryLogin: (key: KeyObject) => Promise<true | string>
  readonly bits: KeySize
  readonly runStep: RunStep
  /** Prints an observation. */
  readonly printNote: (line: string) => void
  readonly now: () => Date
}

/** The user of the map, and the names its key pair is stored under. */
export interface KeypairLogin {
  readonly user: string
  readonly privateKey: string
  readonly passphrase: string
}

export interface KeypairResult {
  readonly publicHalf: SnowflakePublicKey
  /** The user property of the key, once the statements have run. */
  readonly property: PublicKeyProperty
  /** For the user to run. */
  readonly statements: readonly string[]
  /** The next command, if there is one. */
  readonly nextStep?: { readonly flags: readonly string[]; readonly notBefore?: Date }
  /** The content of --out; empty in a dry run without a key. */
  readonly pair: { readonly pem: string; readonly passphrase: string }
}

/** The key of a dry run, which creates none. */
export const dryRunKey: CreatedKey = {
  pem: '',
  publicHalf: { body: '<public key>', fingerprint: 'SHA256:<fingerprint>' },
}
