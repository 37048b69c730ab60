import { resolve } from 'node:path'
import { chain } from '../../../cli/doctor/chain.ts'
import type { Finding } from '../../../cli/doctor/finding.ts'
import { openPatient, type Patient } from '../../../cli/doctor/patient.ts'
import { type Report, walk } from '../../../cli/doctor/walk.ts'
import { openLocalStack } from '../../../cli/local-stack/index.ts'

interface Looked {
  readonly url: string
  readonly accessMap: string
  readonly stage?: string
}

/** What osls makes of a map, asked once for all that is looked at with it. */
const derivedOnce = new Map<string, ReturnType<Patient['derived']>>()

/** Every hop of a stage, as the doctor finds it at a stack. */
export const lookAt = async ({ url, accessMap, stage = 'dev' }: Looked): Promise<ReadonlyMap<string, Report>> => {
  const order = { stage, access: resolve(accessMap), world: { kind: 'local' as const, stack: openLocalStack(url) } }
  const fresh = openPatient(order, 'access.yml')
  const derived = () => {
    const made = derivedOnce.get(accessMap) ?? fresh.derived()
    derivedOnce.set(accessMap, made)
    return made
  }
  const silent = { begins: () => {}, ends: () => {} }
  const reports = await walk(chain(fresh.map()), { ...fresh, derived }, silent)
  return new Map(reports.map((report) => [report.id, report]))
}

export const failuresOf = (reports: ReadonlyMap<string, Finding>): readonly string[] =>
  [...reports].flatMap(([id, report]) => (report.outcome === 'failed' ? [`${id} ${report.cause}`] : []))
