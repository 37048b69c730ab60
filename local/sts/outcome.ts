import type { JournalStep } from '../journal.ts'
import type { QueryError, Xml } from '../query-protocol/index.ts'

/** What an operation answers, and how that came about. */
export interface Outcome {
  readonly result: Xml | QueryError
  readonly steps: readonly JournalStep[]
  readonly remedy?: string
}
