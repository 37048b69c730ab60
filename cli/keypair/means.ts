import type { KeyObject } from 'node:crypto'
import type { PublicHalf } from '../../shared/snowflake/index.ts'
import type { Place, RunSql } from './public-keys.ts'
import type { Bits, MadeKey } from './rsa-key.ts'
import type { SecretStore } from './secret-store.ts'

/** Does one thing that changes something, and tells of it. A dry run only tells of it, and goes on with `instead`. */
export type Step = <Result>(what: string, work: () => Promise<Result>, instead: Result) => Promise<Result>

/** What a key pair is made and rotated with. */
export interface Means {
  readonly store: SecretStore
  /** Absent: statements are handed to a person. */
  readonly runSql: RunSql | undefined
  /** Whether Snowflake lets the user in with the key; in words, why it did not. */
  readonly tryLogin: (key: KeyObject) => Promise<true | string>
  readonly bits: Bits
  readonly step: Step
  /** Tells what was found. */
  readonly note: (line: string) => void
  readonly now: () => Date
}

/** The user of the map, and the names its key pair is stored under. */
export interface Login {
  readonly user: string
  readonly privateKey: string
  readonly passphrase: string
}

export interface Outcome {
  readonly half: PublicHalf
  /** Where Snowflake shows it, once the statements have been run. */
  readonly place: Place
  /** For a person to run. */
  readonly statements: readonly string[]
  /** The command that goes on, if there is more to do. */
  readonly next?: { readonly flags: readonly string[]; readonly notBefore?: Date }
  /** What --out writes; none in a dry run that made no key. */
  readonly pair: { readonly pem: string; readonly passphrase: string }
}

/** In place of what a dry run does not make. */
export const unmade: MadeKey = { pem: '', half: { body: '<public key>', fingerprint: 'SHA256:<fingerprint>' } }
