import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { StackIdentity } from '../../local/running-stack.ts'
import {
  pollUntilDone,
  type RowInstruction,
  type SlowHelloStack,
  startSideEffectServer,
  startSlowHelloStack,
} from './slow-hello-stack.ts'

let stack: SlowHelloStack
let effects: Awaited<ReturnType<typeof startSideEffectServer>>
let reporting: StackIdentity

before(async () => {
  stack = await startSlowHelloStack()
  reporting = await stack.identity('reporting')
})
after(() => stack.stop())
beforeEach(async () => {
  effects?.close()
  effects = await startSideEffectServer()
})
after(() => effects.close())

const rows = (count: number) => Array.from({ length: count }, (_, row) => [row, `n${row}`, effects.url])
const greetings = (count: number) =>
  JSON.stringify({ data: Array.from({ length: count }, (_, row) => [row, `Hello, n${row}`]) })

/** Rows wait until the gate is opened. */
const gate = () => {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  effects.onRequest(async (): Promise<RowInstruction> => {
    await opened
    return 'greet'
  })
  return () => open()
}

const failure = ({ status, body }: { status: number; body: string }) => [status, JSON.parse(body).error?.code]

test('a long batch is 202 until it is done, then 200 with all rows in order, each processed once', async () => {
  const open = gate()
  assert.deepEqual(await stack.post(reporting, 'lasts', rows(40)), { status: 202, errorType: undefined, body: '{}' })
  assert.equal((await stack.poll(reporting, 'lasts')).status, 202)
  open()
  const done = await pollUntilDone(() => stack.poll(reporting, 'lasts'))
  assert.deepEqual(done, { status: 200, errorType: undefined, body: greetings(40) })
  assert.equal(effects.requests.length, 40)
  assert.equal((await stack.poll(reporting, 'lasts')).body, greetings(40))
  assert.equal(effects.requests.length, 40)
})

test('the POST returns the result of a short batch', async () => {
  assert.deepEqual(await stack.post(reporting, 'short', rows(3)), {
    status: 200,
    errorType: undefined,
    body: greetings(3),
  })
})

test('the rows of a batch that is posted several times concurrently are processed once', async () => {
  const open = gate()
  const posts = await Promise.all(Array.from({ length: 5 }, () => stack.post(reporting, 'at-once', rows(20))))
  assert.deepEqual(
    posts.map(({ status }) => status),
    [202, 202, 202, 202, 202],
  )
  open()
  const [one, other] = await Promise.all([
    pollUntilDone(() => stack.poll(reporting, 'at-once')),
    pollUntilDone(() => stack.post(reporting, 'at-once', rows(20))),
  ])
  assert.deepEqual([one.body, other.body], [greetings(20), greetings(20)])
  assert.equal(effects.requests.length, 20)
})

test('ten thousand rows are returned in order', async () => {
  const many = Array.from({ length: 10_000 }, (_, row) => [row, `n${row}`])
  await stack.post(reporting, 'many', many)
  assert.equal((await pollUntilDone(() => stack.poll(reporting, 'many'))).body, greetings(10_000))
})

test('numbers of any length and names of any script survive the table', async () => {
  const open = gate()
  await stack.post(reporting, 'script', [[0, '李雷 👩🏽‍🚀 "\\', effects.url]])
  open()
  assert.equal(
    (await pollUntilDone(() => stack.poll(reporting, 'script'))).body,
    JSON.stringify({ data: [[0, 'Hello, 李雷 👩🏽‍🚀 "\\']] }),
  )
})

test('rows and results above the size of an item are returned completely', async () => {
  // Random, so that compression does not make them small.
  const names = Array.from({ length: 20 }, () => crypto.getRandomValues(Buffer.alloc(50_000)).toString('hex'))
  await stack.post(
    reporting,
    'large',
    names.map((name, row) => [row, name]),
  )
  const { body } = await pollUntilDone(() => stack.poll(reporting, 'large'))
  assert.equal(body, JSON.stringify({ data: names.map((name, row) => [row, `Hello, ${name}`]) }))
})

test('a result that Lambda cannot return is 413 ANSWER_TOO_LARGE, as for a synchronous batch', async () => {
  // The rows are below the limit, and the greetings exceed it.
  const manyRows = Array.from({ length: 330_000 }, (_, row) => [row, 'a'])
  assert.equal((await stack.post(reporting, 'too-large', manyRows)).errorType, undefined)
  assert.deepEqual(failure(await pollUntilDone(() => stack.poll(reporting, 'too-large'))), [413, 'ANSWER_TOO_LARGE'])
})

test('the batch of another caller and a batch that was never sent are BATCH_UNKNOWN', async () => {
  const open = gate()
  await stack.post(reporting, 'mine', rows(1))
  const analytics = await stack.identity('analytics')
  const callerRole = await stack.assumeRole(analytics, analytics.callerRoleArn ?? '')
  assert.deepEqual(failure(await stack.poll(callerRole, 'mine')), [404, 'BATCH_UNKNOWN'])
  assert.deepEqual(failure(await stack.poll(reporting, 'never-sent')), [404, 'BATCH_UNKNOWN'])
  open()
})

test('malformed rows are rejected immediately, and nothing is stored', async () => {
  const batches = async () => new Set((await stack.items()).map(({ batch }) => batch.S)).size
  const before = await batches()
  assert.deepEqual(failure(await stack.post(reporting, 'malformed', [[1, 'Alice']])), [400, 'ROWS_INVALID'])
  assert.equal(await batches(), before)
})

test('a permanent failure is the result of the batch for every poll, and is not processed again', async () => {
  effects.onRequest(() => 'UNEXPECTED')
  const failing = { 'sf-custom-on-error': 'fail' }
  const answer = await pollUntilDone(() => stack.post(reporting, 'lasting-failure', rows(1), failing))
  assert.deepEqual(failure(answer), [422, 'UNEXPECTED'])
  assert.match(JSON.parse(answer.body).error.message, /row 0/)
  assert.deepEqual(failure(await stack.poll(reporting, 'lasting-failure')), [422, 'UNEXPECTED'])
  assert.equal(effects.requests.length, 1)
})

test('a transient failure is returned once; a batch that Snowflake sends again is processed again', async () => {
  effects.onRequest(() => (effects.requests.length === 1 ? 'DEADLINE_EXCEEDED' : 'greet'))
  const failing = { 'sf-custom-on-error': 'fail' }
  const first = await pollUntilDone(() => stack.post(reporting, 'passing-failure', rows(1), failing))
  assert.deepEqual(failure(first), [503, 'DEADLINE_EXCEEDED'])
  const second = await pollUntilDone(() => stack.post(reporting, 'passing-failure', rows(1), failing))
  assert.deepEqual([second.status, second.body], [200, greetings(1)])
})

test('a killed worker is replaced after its lock has expired, by the next poll', async () => {
  effects.onRequest(() => (effects.requests.length === 1 ? 'exit' : 'greet'))
  assert.equal((await stack.post(reporting, 'dies', rows(1))).status, 202)
  const answer = await pollUntilDone(() => stack.poll(reporting, 'dies'))
  assert.deepEqual([answer.status, answer.body], [200, greetings(1)])
  assert.equal(effects.requests.length, 2)
})

test('a work event starts nothing for a batch that is done, in progress or unknown, and returns nothing', async () => {
  await pollUntilDone(() => stack.post(reporting, 'done', rows(2)))
  const open = gate()
  await stack.post(reporting, 'in-progress', rows(2))
  const keys = new Set((await stack.items()).map(({ batch }) => batch.S))
  for (const key of [...keys, 'f'.repeat(64)]) {
    const answer = await stack.invoke(reporting, { workOnBatch: key })
    assert.deepEqual([answer.status, answer.body], [200, '{"statusCode":202,"body":"{}"}'])
  }
  open()
  await pollUntilDone(() => stack.poll(reporting, 'in-progress'))
  assert.equal(effects.requests.length, 4)
})

test('an object that is not a work event is the input of the handler', async () => {
  const answer = await stack.invoke(reporting, { name: 'Alice' })
  assert.deepEqual(JSON.parse(answer.body), { statusCode: 200, body: '"Hello, Alice"' })
  const { body } = await stack.invoke(reporting, { workOnBatch: 'no key', name: 'Alice' })
  assert.deepEqual(JSON.parse(body), { statusCode: 200, body: '"Hello, Alice"' })
})

test('a batch without an id is processed synchronously', async () => {
  const answer = await stack.signed(reporting, 'execute-api', {
    path: '/dev/slow-hello',
    headers: { 'sf-external-function-format': 'json' },
    body: '{"data":[[0,"Alice"]]}',
  })
  assert.deepEqual([answer.status, answer.body], [200, '{"data":[[0,"Hello, Alice"]]}'])
})

test('an expired batch is unknown, and is processed again when it is sent again', async () => {
  const before = new Set((await stack.items()).map(({ batch }) => batch.S))
  await pollUntilDone(() => stack.post(reporting, 'expires', rows(1)))
  const head = (await stack.items()).find(({ batch, part }) => !before.has(batch.S) && part.S === 'head')
  assert.ok(head)
  assert.equal((await stack.putItem({ ...head, expires: { N: '1' } })).status, 200)
  assert.deepEqual(failure(await stack.poll(reporting, 'expires')), [404, 'BATCH_UNKNOWN'])
  assert.equal((await pollUntilDone(() => stack.post(reporting, 'expires', rows(1)))).body, greetings(1))
  assert.equal(effects.requests.length, 2)
})

test('each item expires after twelve hours, and contains no readable argument', async () => {
  await pollUntilDone(() => stack.post(reporting, 'stored', [[0, 'planted-argument']]))
  for (const { expires, body } of await stack.items()) {
    const hours = (Number(expires.N) - Date.now() / 1_000) / 3_600
    assert.ok(hours > 11.9 && hours <= 12, `${hours} hours`)
    assert.ok(!Buffer.from(body.B, 'base64').includes('planted-argument'))
  }
})
