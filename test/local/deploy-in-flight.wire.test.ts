import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { counter, type Order, type SlowStack, settled, slowStack } from '../shared/batches/slow-stack.ts'

let stack: SlowStack
let effects: Awaited<ReturnType<typeof counter>>
let open: () => void

before(async () => {
  stack = await slowStack()
  effects = await counter()
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  effects.onAsked(async (): Promise<Order> => {
    await gate
    return 'greet'
  })
})
after(() => stack.stop())
after(() => effects.close())

const untilAsked = async (name: string) => {
  while (!effects.asked.includes(name)) await new Promise((resolve) => setTimeout(resolve, 10))
}

test('a deployment in the middle: requests end where they began, and a batch of before is asked for after', async () => {
  const reporting = await stack.identity('reporting')
  const body = JSON.stringify({ name: 'Waiting', url: effects.url })
  const waiting = stack.signed(reporting, 'execute-api', {
    path: '/dev/slow-hello',
    headers: { 'Content-Type': 'application/json' },
    body,
  })
  await untilAsked('Waiting')
  assert.equal((await stack.post(reporting, 'lasting', [[0, 'Batch', effects.url]])).status, 202)
  await untilAsked('Batch')

  const map = await stack.map()
  const deployed = await stack.deploy(map.replace('routes: [POST /hello, POST /slow-hello', 'routes: [POST /hello'))
  assert.equal(deployed.status, 200, deployed.body)
  assert.equal((await stack.poll(reporting, 'lasting')).status, 202)
  open()
  assert.deepEqual(await waiting, { status: 200, errorType: undefined, body: '"Hello, Waiting"' })
  assert.deepEqual(await settled(() => stack.poll(reporting, 'lasting')), {
    status: 200,
    errorType: undefined,
    body: '{"data":[[0,"Hello, Batch"]]}',
  })
  assert.deepEqual(effects.asked, ['Waiting', 'Batch'])
})

test('with its function a batch is gone', async () => {
  const reporting = await stack.identity('reporting')
  const without = `dev:\n  callers:\n    reporting:\n      principals: [${reporting.arn.replace(/^.*?::(\d+):assumed-role\/([^/]+).*$/, 'arn:aws:iam::$1:role/$2')}]\n      direct: true\n      routes: [POST /hello]\n`
  assert.equal((await stack.deploy(without)).status, 200)
  assert.equal((await stack.poll(reporting, 'lasting')).errorType, 'MissingAuthenticationTokenException')
  assert.equal((await stack.deploy(await stack.map())).status, 200)
  assert.equal((await stack.poll(reporting, 'lasting')).status, 404)
})
