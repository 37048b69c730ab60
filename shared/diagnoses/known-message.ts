import type { CauseId } from './all-causes.ts'

/** One known error message of a system, and its likely causes. */
export interface KnownMessage {
  /** Any of these phrases matches: `<name>` is a value (message-placeholders.ts) and `…` a few more words. */
  readonly phrases?: readonly string[]
  /** Numbers and names that accompany the phrases. A code without a phrase matches the last row that has it. */
  readonly codes?: readonly string[]
  /** For generic phrases: one of these codes must be present too. */
  readonly requiredCodes?: readonly string[]
  /** A wrapper or vague message, used only if no specific message matches. */
  readonly general?: true
  readonly summary: string
  /** The most likely first. */
  readonly causes: readonly CauseId[]
  /** Where the message is published, or the program that showed it. */
  readonly source: string
}

/** The messages of one system, most specific first. */
export interface SystemMessages {
  readonly system: string
  readonly messages: readonly KnownMessage[]
}
