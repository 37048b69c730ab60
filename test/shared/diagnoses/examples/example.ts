import type { CauseId } from '../../../../shared/diagnoses/index.ts'

/** An error as somebody got it, and what is to be made of it. Values are examples; the words are the system's. */
export interface Example {
  readonly system: string
  readonly text: string
  /** Codes that a program has beside the text. */
  readonly codes?: readonly string[]
  /** The causes that are to come first, in order. */
  readonly causes: readonly CauseId[]
  readonly source: string
}
