import type { CauseId } from './causes.ts'

/** One way in which a system says no, and what it means here. */
export interface ErrorText {
  /** Its words, any of which is enough: `<name>` stands for a value (placeholders.ts) and `…` for a few words more. */
  readonly says?: readonly string[]
  /** Numbers and names that come with the words. Without words, a code means the last row that has it. */
  readonly codes?: readonly string[]
  /** Where the words are everybody's: one of these codes must be there too. */
  readonly beside?: readonly string[]
  /** It wraps or leaves open what others say more exactly, and counts where nobody does. */
  readonly general?: true
  readonly means: string
  /** The most likely first. */
  readonly causes: readonly CauseId[]
  /** Where the words are published, or with what they were observed. */
  readonly source: string
}

/** What one system says, the most specific first. */
export interface SystemTexts {
  readonly system: string
  readonly texts: readonly ErrorText[]
}
