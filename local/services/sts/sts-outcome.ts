import type { JournalStep } from '../../journal.ts'
import type { QueryError, Xml } from '../../service/query-protocol.ts'

/** What an operation answers, and how that came about. */
export interface StsOutcome {
  readonly result: Xml | QueryError
  readonly steps: readonly JournalStep[]
  readonly fix?: string
}
