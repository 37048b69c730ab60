import type { CauseId } from './causes.ts'

/** One known error message of a system, and its likely causes. */
export interface ErrorText {
  /** Any of these phrases matches: `<name>` is a value (message-placeholders.ts) and `…` a few more words. */
  readonly says?: readonly string[]
  /** Numbers and names that accompany the phrases. A code without a phrase matches the last row that has it. */
  readonly codes?: readonly string[]
  /** For generic phrases: one of these codes must be present too. */
  readonly beside?: readonly string[]
  /** A wrapper or vague message, used only if no specific message matches. */
  readonly general?: true
  readonly means: string
  /** The most likely first. */
  readonly causes: readonly CauseId[]
  /** Where the message is published, or the program that showed it. */
  readonly source: string
}

/** The messages of one system, most specific first. */
export interface SystemTexts {
  readonly system: string
  readonly texts: readonly ErrorText[]
}
