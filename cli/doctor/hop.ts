import type { Finding } from './finding.ts'
import type { Patient } from './patient.ts'

/** One link of the chain between the parties. */
export interface Hop {
  /** For programs, and for `needs`; `door:analytics` for one of several. */
  readonly id: string
  /** For people. */
  readonly title: string
  /** The hops without which nothing can be said of this one, by id. */
  readonly needs: readonly string[]
  readonly check: (patient: Patient) => Finding | Promise<Finding>
}
