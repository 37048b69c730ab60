import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runSnowgate } from '../../../cli/run-snowgate.ts'
import { temporaryFolder } from '../../../infra/compile.ts'
import { type RunningStack, runningStack } from '../../running-stack.ts'

/** The function may not assume the caller role of analytics: STS rejects a target with that role. */
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

const invoke = async (as: string, request: object) => {
  const body = JSON.stringify(request)
  const { stdout } = await runSnowgate(['call', '--stack', stack.url, '--as', as, '--json', '/invoke', '-d', body])
  const response: { status: number; headers: Record<string, string>; body: string } = JSON.parse(stdout)
  return { status: response.status, errorType: response.headers['x-amzn-errortype'], body: JSON.parse(response.body) }
}

test('the status of a database of another account is read', async () => {
  const { status, body } = await invoke('analytics', { target: 'graph', path: '/status' })
  assert.deepEqual([status, body.status, body.body.status], [200, 200, 'healthy'])
})

test('an API of another account is called through the policies of both sides, and sees the caller', async () => {
  const { status, body } = await invoke('analytics', { target: 'orders', path: '/orders/7' })
  assert.deepEqual([status, body.status, body.body.path], [200, 200, '/orders/7'])
  const session = stack.log.find((line) => line.includes(' ALLOW execute-api GET /prod/orders/7 '))
  assert.match(session ?? '', /assumed-role\/OrdersClient\/snowgate-dev-analytics@/)
})

const rejections = [
  {
    rejectedBy: 'the route of our API',
    as: 'reporting',
    request: { target: 'graph', path: '/status' },
    status: 403,
    errorType: 'AccessDeniedException',
    message:
      /^User: .*ReportingRole.* is not authorized to perform: execute-api:Invoke on resource: .*\/dev\/POST\/invoke/,
  },
  {
    rejectedBy: 'our list of targets',
    as: 'analytics',
    request: { target: 'grph', path: '/status' },
    status: 404,
    code: 'TARGET_UNKNOWN',
    message: /Existing targets: graph, orders, foreign\./,
  },
  {
    rejectedBy: "our list of a target's methods and paths",
    as: 'analytics',
    request: { target: 'graph', path: '/loader' },
    status: 403,
    code: 'TARGET_REQUEST_REFUSED',
    message: /It allows GET \/status, POST \/openCypher, GET \/sparql\./,
  },
  {
    rejectedBy: 'the trust policy at STS',
    as: 'analytics',
    request: { target: 'foreign', path: '/anything' },
    status: 422,
    code: 'ROLE_DENIED',
    message: /role/,
  },
] as const

for (const rejection of rejections) {
  test(`rejected by ${rejection.rejectedBy}, with an error of its own`, async () => {
    const { status, errorType, body } = await invoke(rejection.as, rejection.request)
    const code = 'code' in rejection ? rejection.code : undefined
    const type = 'errorType' in rejection ? rejection.errorType : undefined
    assert.deepEqual([status, errorType, body.error?.code], [rejection.status, type, code])
    assert.match(body.error?.message ?? body.Message ?? '', rejection.message)
  })
}

test("what the target itself rejects is the target's status, passed on as data", async () => {
  const { status, body } = await invoke('analytics', { target: 'graph', path: '/sparql' })
  assert.equal(status, 200)
  assert.ok(body.status >= 400, JSON.stringify(body))
})
