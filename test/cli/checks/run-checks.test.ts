import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Check } from '../../../cli/checks/check.ts'
import { createChecks } from '../../../cli/checks/doctor-checks.ts'
import { createDoctorContext } from '../../../cli/checks/doctor-context.ts'
import { type Finding, failed, passed } from '../../../cli/checks/finding.ts'
import { runChecks } from '../../../cli/checks/run-checks.ts'
import { InconclusiveError } from '../../../cli/command-failure.ts'
import { createLocalStackClient } from '../../../cli/local-stack/local-stack-client.ts'
import { readAccessMap, stageOf } from '../../../shared/access/index.ts'
import { serviceMap } from '../../service-map.ts'

const context = createDoctorContext(
  { stage: 'dev', access: serviceMap, backend: { kind: 'local', stack: createLocalStackClient('http://127.0.0.1:1') } },
  'access.yml',
)

const checkNamed = (id: string, needs: readonly string[], check: () => Finding | Promise<Finding>): Check => ({
  id,
  title: `the ${id}`,
  needs,
  inspect: check,
})
const passes = () => passed()
const fails = () => failed('not-deployed', { evidence: [], fixes: [] })
const mustNotRun = () => assert.fail('a hop was checked behind a broken one')
const progressEvents: string[] = []
const progress = {
  started: ({ id }: Check) => progressEvents.push(`started ${id}`),
  finished: ({ id, outcome }: { id: string; outcome: string }) => progressEvents.push(`${outcome} ${id}`),
}

const outcomes = async (...checks: readonly Check[]) =>
  (await runChecks(checks, context, progress)).map((report) =>
    report.outcome === 'skipped' ? `${report.id}: ${report.reason}` : `${report.id}: ${report.outcome}`,
  )

test('what needs a broken hop is not reached, however far behind it, and what does not is', async () => {
  assert.deepEqual(
    await outcomes(
      checkNamed('map', [], passes),
      checkNamed('stack', ['map'], fails),
      checkNamed('policy', ['stack'], mustNotRun),
      checkNamed('caller', ['map', 'policy'], mustNotRun),
      checkNamed('key', ['map'], passes),
    ),
    ['map: passed', 'stack: failed', 'policy: depends on: the stack', 'caller: depends on: the stack', 'key: passed'],
  )
})

test('what may not be seen is not reached, and neither is what needs it', async () => {
  const unseen = () => {
    throw new InconclusiveError('GetRole was refused')
  }
  assert.deepEqual(await outcomes(checkNamed('door', [], unseen), checkNamed('login', ['door'], mustNotRun)), [
    'door: GetRole was refused',
    'login: GetRole was refused',
  ])
})

test('a defect of a hop is no finding', async () => {
  const defective = () => Promise.reject(new TypeError('x is not a function'))
  await assert.rejects(outcomes(checkNamed('door', [], defective)), { name: 'TypeError' })
})

test('each hop is told when it begins and when it ends', async () => {
  progressEvents.length = 0
  await outcomes(checkNamed('one', [], passes), checkNamed('two', [], fails))
  assert.deepEqual(progressEvents, ['started one', 'passed one', 'started two', 'failed two'])
})

const stages = readAccessMap(serviceMap)
for (const name of [...stages.keys(), undefined]) {
  test(`in the chain of ${name ?? 'no stage'} whatever is needed stands before what needs it, each hop once`, () => {
    const checks = name === undefined ? createChecks() : createChecks(stageOf(stages, name))
    const ids = checks.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    for (const [index, { id, needs }] of checks.entries()) {
      for (const needed of needs) assert.ok(ids.slice(0, index).includes(needed), `${id} needs ${needed}`)
    }
  })
}
