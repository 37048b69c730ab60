import assert from 'node:assert/strict'
import { test } from 'node:test'
import { polls } from '../../../cli/doctor/hops/polls.ts'
import { openPatient } from '../../../cli/doctor/patient.ts'
import { openLocalStack } from '../../../cli/local-stack/index.ts'
import type { Route, Stage } from '../../../shared/access/index.ts'
import { serviceMap } from '../../service-map.ts'

const route = (method: 'GET' | 'POST', asynchronous = true): Route => ({
  method,
  path: '/slow',
  functionName: 'slow',
  ...(asynchronous && { asynchronous: true }),
})

/** A stage with one caller that has these routes. */
const looking = (kind: 'snowflake' | 'direct', ...routes: readonly Route[]) => {
  const stage: Stage = {
    callers: new Map([
      ['rows', kind === 'snowflake' ? { kind, externalIds: [], routes } : { kind, principals: [], routes }],
    ]),
    targets: new Map(),
  }
  const world = { kind: 'local' as const, stack: openLocalStack('http://127.0.0.1:1') }
  return {
    ...openPatient({ stage: 'dev', access: serviceMap, world }, 'access.yml'),
    map: () => stage,
    lineOf: () => 7,
  }
}

test('a Snowflake caller that may send slow batches and not ask for them is told the line to mend', async () => {
  assert.deepEqual(await polls.check(looking('snowflake', route('POST'))), {
    outcome: 'failed',
    cause: 'poll-route-missing',
    evidence: ['the caller rows has POST /slow and not GET /slow'],
    mend: [{ kind: 'edit', text: 'access.yml:7  write GET /slow beside POST /slow' }],
  })
})

for (const [claim, patient] of [
  ['may ask for them', looking('snowflake', route('POST'), route('GET'))],
  ['gets its answers at once', looking('snowflake', route('POST', false))],
  ['is no Snowflake', looking('direct', route('POST'))],
] as const) {
  test(`nothing is wrong with a caller that ${claim}`, async () => {
    assert.equal((await polls.check(patient)).outcome, 'passed')
  })
}
