import { parseArgs } from 'node:util'
import { readAccessMap, stageOf } from '../../shared/access/index.ts'
import { FaultNotApplicable } from './fault.ts'
import { faults, findFault } from './table.ts'

/**
 * What `snowgate start --break` needs before the stack starts. Without a name, it prints the fault names, one per line.
 * With a name, it prints the fault's changes of the access map as JSON.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { access: { type: 'string', default: 'access.yml' }, stage: { type: 'string', default: 'dev' } },
})

/** Nothing is deployed yet. The changes are only computed to check that the fault applies to the access map. */
const placeholderContext = {
  location: { accountId: '000000000000', region: 'eu-central-1', partition: 'aws' },
  apiUrl: 'https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/dev',
}

const [name] = positionals
const fault = name === undefined ? undefined : findFault(name)
if (name === undefined) process.stdout.write(`${Object.keys(faults).join('\n')}\n`)
else if (!fault) throw new TypeError(`There is no fault "${name}".`)
else {
  try {
    const context = { stageName: values.stage, stage: stageOf(readAccessMap(values.access), values.stage) }
    const { prerequisites, map, stopped = false, sql, manualChanges, faultState } = fault
    // Prerequisites are not in the access map yet.
    if (!prerequisites)
      for (const change of [sql, manualChanges, faultState]) change?.({ ...context, ...placeholderContext })
    const plan = {
      prerequisites: prerequisites?.(context) ?? [],
      edits: map?.edits(context) ?? [],
      deployed: map?.deployed ?? false,
      stopped,
    }
    process.stdout.write(`${JSON.stringify(plan)}\n`)
  } catch (error) {
    if (!(error instanceof FaultNotApplicable)) throw error
    process.stderr.write(error.message)
    process.exitCode = 1
  }
}
