import type { CauseId } from '../../../../shared/diagnoses/index.ts'

/** An observed error and its expected causes. Values are examples; the message is the system's. */
export interface Example {
  readonly system: string
  readonly text: string
  /** Codes that a program has in addition to the text. */
  readonly codes?: readonly string[]
  /** The expected first causes, in order. */
  readonly causes: readonly CauseId[]
  readonly source: string
}
