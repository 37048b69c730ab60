import { InconclusiveError } from '../command-failure.ts'
import type { Check } from './check.ts'
import type { DoctorContext } from './doctor-context.ts'
import type { Finding } from './finding.ts'

export type CheckReport = Pick<Check, 'id' | 'title'> & Finding

interface CheckProgress {
  readonly started: (check: Check) => void
  readonly finished: (report: CheckReport) => void
}

/** Runs the checks in order, and skips those that need a failed one. */
export const runChecks = async (
  checks: readonly Check[],
  context: DoctorContext,
  progress: CheckProgress,
): Promise<readonly CheckReport[]> => {
  const reports = new Map<string, CheckReport>()
  for (const check of checks) {
    progress.started(check)
    const { id, title } = check
    const report: CheckReport = {
      id,
      title,
      ...(skippedBecauseOfNeeds(check, reports) ?? (await inspectCheck(check, context))),
    }
    reports.set(id, report)
    progress.finished(report)
  }
  return [...reports.values()]
}

/** A skipped check passes its reason on: the first failure is the one to fix. */
const skippedBecauseOfNeeds = ({ needs }: Check, reports: ReadonlyMap<string, CheckReport>): Finding | undefined => {
  for (const id of needs) {
    const needed = reports.get(id)
    if (!needed) throw new TypeError(`Check ${id} must come before the checks that need it.`)
    if (needed.outcome === 'failed') return { outcome: 'skipped', reason: `depends on: ${needed.title}` }
    if (needed.outcome === 'skipped') return { outcome: 'skipped', reason: needed.reason }
  }
  return undefined
}

const inspectCheck = async ({ inspect }: Check, context: DoctorContext): Promise<Finding> => {
  try {
    return await inspect(context)
  } catch (error) {
    if (error instanceof InconclusiveError) return { outcome: 'skipped', reason: error.message }
    throw error
  }
}
