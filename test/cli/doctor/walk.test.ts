import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chain } from '../../../cli/doctor/chain.ts'
import { CannotTell, type Finding, failed, passed } from '../../../cli/doctor/finding.ts'
import type { Hop } from '../../../cli/doctor/hop.ts'
import { openPatient } from '../../../cli/doctor/patient.ts'
import { walk } from '../../../cli/doctor/walk.ts'
import { openLocalStack } from '../../../cli/local-stack/index.ts'
import { readAccessMap, stageOf } from '../../../shared/access/index.ts'
import { serviceMap } from '../../service-map.ts'

const patient = openPatient(
  { stage: 'dev', access: serviceMap, world: { kind: 'local', stack: openLocalStack('http://127.0.0.1:1') } },
  'access.yml',
)

const hop = (id: string, needs: readonly string[], check: () => Finding | Promise<Finding>): Hop => ({
  id,
  title: `the ${id}`,
  needs,
  check,
})
const sound = () => passed()
const broken = () => failed('not-deployed', { evidence: [], mend: [] })
const never = () => assert.fail('a hop was checked behind a broken one')
const watched: string[] = []
const watching = {
  begins: ({ id }: Hop) => watched.push(`begins ${id}`),
  ends: ({ id, outcome }: { id: string; outcome: string }) => watched.push(`${outcome} ${id}`),
}

const outcomes = async (...hops: readonly Hop[]) =>
  (await walk(hops, patient, watching)).map((report) =>
    report.outcome === 'skipped' ? `${report.id}: ${report.reason}` : `${report.id}: ${report.outcome}`,
  )

test('what needs a broken hop is not reached, however far behind it, and what does not is', async () => {
  assert.deepEqual(
    await outcomes(
      hop('map', [], sound),
      hop('stack', ['map'], broken),
      hop('policy', ['stack'], never),
      hop('caller', ['map', 'policy'], never),
      hop('key', ['map'], sound),
    ),
    ['map: passed', 'stack: failed', 'policy: depends on: the stack', 'caller: depends on: the stack', 'key: passed'],
  )
})

test('what may not be seen is not reached, and neither is what needs it', async () => {
  const unseen = () => {
    throw new CannotTell('GetRole was refused')
  }
  assert.deepEqual(await outcomes(hop('door', [], unseen), hop('login', ['door'], never)), [
    'door: GetRole was refused',
    'login: GetRole was refused',
  ])
})

test('a defect of a hop is no finding', async () => {
  const defective = () => Promise.reject(new TypeError('x is not a function'))
  await assert.rejects(outcomes(hop('door', [], defective)), { name: 'TypeError' })
})

test('each hop is told when it begins and when it ends', async () => {
  watched.length = 0
  await outcomes(hop('one', [], sound), hop('two', [], broken))
  assert.deepEqual(watched, ['begins one', 'passed one', 'begins two', 'failed two'])
})

const stages = readAccessMap(serviceMap)
for (const name of [...stages.keys(), undefined]) {
  test(`in the chain of ${name ?? 'no stage'} whatever is needed stands before what needs it, each hop once`, () => {
    const hops = name === undefined ? chain() : chain(stageOf(stages, name))
    const ids = hops.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    for (const [index, { id, needs }] of hops.entries()) {
      for (const needed of needs) assert.ok(ids.slice(0, index).includes(needed), `${id} needs ${needed}`)
    }
  })
}
