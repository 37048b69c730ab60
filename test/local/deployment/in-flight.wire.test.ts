import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  pollUntilDone,
  type RowInstruction,
  type SlowHelloStack,
  startSideEffectServer,
  startSlowHelloStack,
} from '../../shared/batches/slow-hello-stack.ts'

let stack: SlowHelloStack
let effects: Awaited<ReturnType<typeof startSideEffectServer>>
let open: () => void

/** From now on a function waits until `open` is called. */
const holdRequests = () => {
  const gate = new Promise<void>((resolve) => {
    open = resolve
  })
  effects.onRequest(async (): Promise<RowInstruction> => {
    await gate
    return 'greet'
  })
}

before(async () => {
  stack = await startSlowHelloStack()
  effects = await startSideEffectServer()
  holdRequests()
})
after(() => stack.stop())
after(() => effects.close())

const untilRequested = async (name: string) => {
  while (!effects.requests.includes(name)) await new Promise((resolve) => setTimeout(resolve, 10))
}

const callSlowHello = (identity: Awaited<ReturnType<SlowHelloStack['identity']>>, name: string) =>
  stack.signed(identity, 'execute-api', {
    path: '/dev/slow-hello',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name, url: effects.url }),
  })

test('during a deployment requests end where they began, and a batch from before can be polled after it', async () => {
  const reporting = await stack.identity('reporting')
  const waiting = callSlowHello(reporting, 'Waiting')
  await untilRequested('Waiting')
  assert.equal((await stack.post(reporting, 'lasting', [[0, 'Batch', effects.url]])).status, 202)
  await untilRequested('Batch')

  const map = await stack.map()
  const deployed = await stack.deploy(map.replace('routes: [POST /hello, POST /slow-hello', 'routes: [POST /hello'))
  assert.equal(deployed.status, 200, deployed.body)
  assert.equal((await stack.poll(reporting, 'lasting')).status, 202)
  open()
  assert.deepEqual(await waiting, { status: 200, errorType: undefined, body: '"Hello, Waiting"' })
  assert.deepEqual(await pollUntilDone(() => stack.poll(reporting, 'lasting')), {
    status: 200,
    errorType: undefined,
    body: '{"data":[[0,"Hello, Batch"]]}',
  })
  assert.deepEqual(effects.requests, ['Waiting', 'Batch'])
})

test('a deployment without the function deletes its batches, even while a request to it is in flight', async () => {
  const reporting = await stack.identity('reporting')
  holdRequests()
  const waiting = callSlowHello(reporting, 'Held')
  await untilRequested('Held')
  const without = `dev:\n  callers:\n    reporting:\n      principals: [${reporting.arn.replace(/^.*?::(\d+):assumed-role\/([^/]+).*$/, 'arn:aws:iam::$1:role/$2')}]\n      direct: true\n      routes: [POST /hello]\n`
  assert.equal((await stack.deploy(without)).status, 200)
  assert.equal((await stack.poll(reporting, 'lasting')).errorType, 'MissingAuthenticationTokenException')
  assert.equal((await stack.deploy(await stack.map())).status, 200)
  assert.equal((await stack.poll(reporting, 'lasting')).status, 404)
  open()
  assert.equal((await waiting).body, '"Hello, Held"')
})
