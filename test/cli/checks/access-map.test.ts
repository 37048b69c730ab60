import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pollRoutesCheck } from '../../../cli/checks/access-map.ts'
import { createDoctorContext } from '../../../cli/checks/doctor-context.ts'
import { createLocalStackClient } from '../../../cli/local-stack/local-stack-client.ts'
import type { Route, Stage } from '../../../shared/access/index.ts'
import { serviceMap } from '../../service-map.ts'

const route = (method: 'GET' | 'POST', asynchronous = true): Route => ({
  method,
  path: '/slow',
  functionName: 'slow',
  ...(asynchronous && { asynchronous: true }),
})

/** A stage with one caller that has these routes. */
const inspectRoutes = (kind: 'snowflake' | 'direct', ...routes: readonly Route[]) => {
  const stage: Stage = {
    callers: new Map([
      ['rows', kind === 'snowflake' ? { kind, externalIds: [], routes } : { kind, principals: [], routes }],
    ]),
    targets: new Map(),
  }
  const backend = { kind: 'local' as const, stack: createLocalStackClient('http://127.0.0.1:1') }
  return {
    ...createDoctorContext({ stage: 'dev', access: serviceMap, backend }, 'access.yml'),
    map: () => stage,
    lineOf: () => 7,
  }
}

test('a Snowflake caller that cannot poll its asynchronous route fails with the line to edit', async () => {
  assert.deepEqual(await pollRoutesCheck.inspect(inspectRoutes('snowflake', route('POST'))), {
    outcome: 'failed',
    cause: 'poll-route-missing',
    evidence: ['caller rows has POST /slow but not GET /slow'],
    fixes: [{ kind: 'edit', text: 'access.yml:7  add GET /slow next to POST /slow' }],
  })
})

for (const [claim, context] of [
  ['can poll its route', inspectRoutes('snowflake', route('POST'), route('GET'))],
  ['has synchronous routes only', inspectRoutes('snowflake', route('POST', false))],
  ['is not a Snowflake account', inspectRoutes('direct', route('POST'))],
] as const) {
  test(`a caller that ${claim} passes`, async () => {
    assert.equal((await pollRoutesCheck.inspect(context)).outcome, 'passed')
  })
}
