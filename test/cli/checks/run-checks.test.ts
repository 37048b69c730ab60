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
const mustNotRun = () => assert.fail('a check ran although its prerequisite failed')
const progressEvents: string[] = []
const progress = {
  started: ({ id }: Check) => progressEvents.push(`started ${id}`),
  finished: ({ id, outcome }: { id: string; outcome: string }) => progressEvents.push(`${outcome} ${id}`),
}

const outcomes = async (...checks: readonly Check[]) =>
  (await runChecks(checks, context, progress)).map((report) =>
    report.outcome === 'skipped' ? `${report.id}: ${report.reason}` : `${report.id}: ${report.outcome}`,
  )

test('checks that need a failed one, directly or not, are skipped, and the others run', async () => {
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

test('an inconclusive check is skipped, and so are those that need it', async () => {
  const unseen = () => {
    throw new InconclusiveError('GetRole was rejected')
  }
  assert.deepEqual(await outcomes(checkNamed('role', [], unseen), checkNamed('login', ['role'], mustNotRun)), [
    'role: GetRole was rejected',
    'login: GetRole was rejected',
  ])
})

test('an exception of a check is no finding', async () => {
  const defective = () => Promise.reject(new TypeError('x is not a function'))
  await assert.rejects(outcomes(checkNamed('role', [], defective)), { name: 'TypeError' })
})

test('progress is reported when a check starts and finishes', async () => {
  progressEvents.length = 0
  await outcomes(checkNamed('one', [], passes), checkNamed('two', [], fails))
  assert.deepEqual(progressEvents, ['started one', 'passed one', 'started two', 'failed two'])
})

const stages = readAccessMap(serviceMap)
for (const name of [...stages.keys(), undefined]) {
  test(`in the checks of ${name ?? 'no stage'} prerequisites come first, and every id is unique`, () => {
    const checks = name === undefined ? createChecks() : createChecks(stageOf(stages, name))
    const ids = checks.map(({ id }) => id)
    assert.equal(new Set(ids).size, ids.length)
    for (const [index, { id, needs }] of checks.entries()) {
      for (const needed of needs) assert.ok(ids.slice(0, index).includes(needed), `${id} needs ${needed}`)
    }
  })
}
