import type { DoctorContext } from './doctor-context.ts'
import type { Finding } from './finding.ts'

/** One check of snowgate doctor. */
export interface Check {
  /** Stable id, used in `needs` and --json; `caller-role:analytics` for one of several. */
  readonly id: string
  /** Printed in the list. */
  readonly title: string
  /** Ids of the checks that must pass before this one. */
  readonly needs: readonly string[]
  readonly inspect: (context: DoctorContext) => Finding | Promise<Finding>
}
