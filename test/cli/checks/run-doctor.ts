import { resolve } from 'node:path'
import { createChecks } from '../../../cli/checks/doctor-checks.ts'
import { createDoctorContext, type DoctorContext } from '../../../cli/checks/doctor-context.ts'
import type { Finding } from '../../../cli/checks/finding.ts'
import { type CheckReport, runChecks } from '../../../cli/checks/run-checks.ts'
import { createLocalStackClient } from '../../../cli/local-stack/local-stack-client.ts'

interface DoctorRunOptions {
  readonly url: string
  readonly accessMap: string
  readonly stage?: string
}

/** The derived template by map, computed once. */
const derivedByMap = new Map<string, ReturnType<DoctorContext['derived']>>()

/** The reports of all checks of a stage at a stack. */
export const runDoctor = async ({
  url,
  accessMap,
  stage = 'dev',
}: DoctorRunOptions): Promise<ReadonlyMap<string, CheckReport>> => {
  const options = {
    stage,
    access: resolve(accessMap),
    backend: { kind: 'local' as const, stack: createLocalStackClient(url) },
  }
  const context = createDoctorContext(options, 'access.yml')
  const derived = () => {
    const made = derivedByMap.get(accessMap) ?? context.derived()
    derivedByMap.set(accessMap, made)
    return made
  }
  const silent = { started: () => {}, finished: () => {} }
  const reports = await runChecks(createChecks(context.map()), { ...context, derived }, silent)
  return new Map(reports.map((report) => [report.id, report]))
}

export const failuresOf = (reports: ReadonlyMap<string, Finding>): readonly string[] =>
  [...reports].flatMap(([id, report]) => (report.outcome === 'failed' ? [`${id} ${report.cause}`] : []))
