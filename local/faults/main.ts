import { parseArgs } from 'node:util'
import { readAccessMap, stageOf } from '../../shared/access/index.ts'
import { NothingToBreak } from './fault.ts'
import { faults, findFault } from './faults.ts'

/**
 * What `snowgate start --break` has to know before there is a stack: without a name the names, one a line; with one, as JSON,
 * what the map is to say in the whole world and in the broken one.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { access: { type: 'string', default: 'access.yml' }, stage: { type: 'string', default: 'dev' } },
})

/** Where nothing is deployed yet: what a fault is made of is made in vain, and shows whether the map has somebody for it. */
const nowhere = {
  place: { accountId: '000000000000', region: 'eu-central-1', partition: 'aws' },
  apiUrl: 'https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/dev',
}

const [name] = positionals
const fault = name === undefined ? undefined : findFault(name)
if (name === undefined) process.stdout.write(`${Object.keys(faults).join('\n')}\n`)
else if (!fault) throw new TypeError(`There is no fault "${name}".`)
else {
  try {
    const scene = { stageName: values.stage, stage: stageOf(readAccessMap(values.access), values.stage) }
    const { given, map, stopped = false, sql, byHand, around } = fault
    // What the whole world has besides is not in the map yet.
    if (!given) for (const look of [sql, byHand, around]) look?.({ ...scene, ...nowhere })
    const order = {
      given: given?.(scene) ?? [],
      edits: map?.edits(scene) ?? [],
      deployed: map?.deployed ?? false,
      stopped,
    }
    process.stdout.write(`${JSON.stringify(order)}\n`)
  } catch (error) {
    if (!(error instanceof NothingToBreak)) throw error
    process.stderr.write(error.message)
    process.exitCode = 1
  }
}
