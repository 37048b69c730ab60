import { CannotTell, type Finding } from './finding.ts'
import type { Hop } from './hop.ts'
import type { Patient } from './patient.ts'

export type Report = Pick<Hop, 'id' | 'title'> & Finding

interface Watching {
  readonly begins: (hop: Hop) => void
  readonly ends: (report: Report) => void
}

/** Checks hop after hop; behind a broken one, what needs it is not reached, and the others are. */
export const walk = async (hops: readonly Hop[], patient: Patient, watching: Watching): Promise<readonly Report[]> => {
  const reports = new Map<string, Report>()
  for (const hop of hops) {
    watching.begins(hop)
    const { id, title } = hop
    const report: Report = { id, title, ...(unreached(hop, reports) ?? (await found(hop, patient))) }
    reports.set(id, report)
    watching.ends(report)
  }
  return [...reports.values()]
}

/** A hop that is not reached itself hands on what is: the first thing broken is what there is to mend. */
const unreached = ({ needs }: Hop, reports: ReadonlyMap<string, Report>): Finding | undefined => {
  for (const id of needs) {
    const needed = reports.get(id)
    if (!needed) throw new TypeError(`Check ${id} must come before the checks that need it.`)
    if (needed.outcome === 'failed') return { outcome: 'skipped', reason: `depends on: ${needed.title}` }
    if (needed.outcome === 'skipped') return { outcome: 'skipped', reason: needed.reason }
  }
  return undefined
}

const found = async ({ check }: Hop, patient: Patient): Promise<Finding> => {
  try {
    return await check(patient)
  } catch (error) {
    if (error instanceof CannotTell) return { outcome: 'skipped', reason: error.message }
    throw error
  }
}
