import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runSnowgate } from '../cli/run-snowgate.ts'
import { temporaryFolder } from '../infra/compile.ts'
import { type RunningStack, runningStack } from './running-stack.ts'

/** The door of analytics is no role that the function may assume: a target that names it is refused by STS. */
const map = `dev:
  callers:
    analytics:
      principals: [arn:aws:iam::222222222222:role/LambdaRoleDeve]
      routes: [POST /invoke]
    reporting:
      principals: [arn:aws:iam::444444444444:role/ReportingRole]
      direct: true
      routes: [POST /hello]
  targets:
    graph:
      url: https://db.cluster-x.ap-northeast-1.neptune.amazonaws.com:8182
      service: neptune-db
      region: ap-northeast-1
      roleArn: arn:aws:iam::333333333333:role/NeptuneReader
      externalId: graph-7f3c
      allow: [GET /status, POST /openCypher, GET /sparql]
    orders:
      url: https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/prod
      service: execute-api
      region: eu-central-1
      roleArn: arn:aws:iam::555555555555:role/OrdersClient
      allow: [GET /orders/*]
    foreign:
      url: https://f1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/prod
      service: execute-api
      region: eu-central-1
      roleArn: arn:aws:iam::111111111111:role/snowgate-dev-analytics
      allow: [GET /anything]
`

let stack: RunningStack

before(async () => {
  const accessMap = join(await temporaryFolder(), 'access.yml')
  await writeFile(accessMap, map)
  stack = await runningStack({ accessMap })
})
after(() => stack.stop())

const invoke = async (as: string, order: object) => {
  const body = JSON.stringify(order)
  const { stdout } = await runSnowgate(['call', '--stack', stack.url, '--as', as, '--json', '/invoke', '-d', body])
  const told: { status: number; headers: Record<string, string>; body: string } = JSON.parse(stdout)
  return { status: told.status, errorType: told.headers['x-amzn-errortype'], body: JSON.parse(told.body) }
}

test('a database of another account tells its status', async () => {
  const { status, body } = await invoke('analytics', { target: 'graph', path: '/status' })
  assert.deepEqual([status, body.status, body.body.status], [200, 200, 'healthy'])
})

test('an API of another account is called through the policies of both sides, and sees who asked', async () => {
  const { status, body } = await invoke('analytics', { target: 'orders', path: '/orders/7' })
  assert.deepEqual([status, body.status, body.body.path], [200, 200, '/orders/7'])
  const session = stack.log.find((line) => line.includes(' let in  execute-api GET /prod/orders/7 '))
  assert.match(session ?? '', /assumed-role\/OrdersClient\/snowgate-dev-analytics@/)
})

const refusals = [
  {
    hop: 'our route',
    as: 'reporting',
    order: { target: 'graph', path: '/status' },
    status: 403,
    errorType: 'AccessDeniedException',
    words:
      /^User: .*ReportingRole.* is not authorized to perform: execute-api:Invoke on resource: .*\/dev\/POST\/invoke/,
  },
  {
    hop: 'our list of targets',
    as: 'analytics',
    order: { target: 'grph', path: '/status' },
    status: 404,
    code: 'TARGET_UNKNOWN',
    words: /There are graph, orders, foreign\./,
  },
  {
    hop: "our list of a target's methods and paths",
    as: 'analytics',
    order: { target: 'graph', path: '/loader' },
    status: 403,
    code: 'TARGET_REQUEST_REFUSED',
    words: /It is open for GET \/status, POST \/openCypher, GET \/sparql\./,
  },
  {
    hop: 'the trust at STS',
    as: 'analytics',
    order: { target: 'foreign', path: '/anything' },
    status: 422,
    code: 'ROLE_DENIED',
    words: /role/,
  },
] as const

for (const refusal of refusals) {
  test(`refused by ${refusal.hop}, and told apart`, async () => {
    const { status, errorType, body } = await invoke(refusal.as, refusal.order)
    const code = 'code' in refusal ? refusal.code : undefined
    const type = 'errorType' in refusal ? refusal.errorType : undefined
    assert.deepEqual([status, errorType, body.error?.code], [refusal.status, type, code])
    assert.match(body.error?.message ?? body.Message ?? '', refusal.words)
  })
}

test("what the target itself refuses is the target's status, passed on as data", async () => {
  const { status, body } = await invoke('analytics', { target: 'graph', path: '/sparql' })
  assert.equal(status, 200)
  assert.ok(body.status >= 400, JSON.stringify(body))
})
