import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import type { Identity } from '../../local/running-stack.ts'
import { counter, type Order, type SlowStack, settled, slowStack } from './slow-stack.ts'

let stack: SlowStack
let effects: Awaited<ReturnType<typeof counter>>
let reporting: Identity

before(async () => {
  stack = await slowStack()
  reporting = await stack.identity('reporting')
})
after(() => stack.stop())
beforeEach(async () => {
  effects?.close()
  effects = await counter()
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
  effects.onAsked(async (): Promise<Order> => {
    await opened
    return 'greet'
  })
  return () => open()
}

const failure = ({ status, body }: { status: number; body: string }) => [status, JSON.parse(body).error?.code]

test('a batch that lasts is 202 until it is done, then 200 with all rows in order, each told once', async () => {
  const open = gate()
  assert.deepEqual(await stack.post(reporting, 'lasts', rows(40)), { status: 202, errorType: undefined, body: '{}' })
  assert.equal((await stack.poll(reporting, 'lasts')).status, 202)
  open()
  const done = await settled(() => stack.poll(reporting, 'lasts'))
  assert.deepEqual(done, { status: 200, errorType: undefined, body: greetings(40) })
  assert.equal(effects.asked.length, 40)
  assert.equal((await stack.poll(reporting, 'lasts')).body, greetings(40))
  assert.equal(effects.asked.length, 40)
})

test('a batch that turns out short is answered by its POST', async () => {
  assert.deepEqual(await stack.post(reporting, 'short', rows(3)), {
    status: 200,
    errorType: undefined,
    body: greetings(3),
  })
})

test('however often and at once a batch is posted, its rows are told once', async () => {
  const open = gate()
  const posts = await Promise.all(Array.from({ length: 5 }, () => stack.post(reporting, 'at-once', rows(20))))
  assert.deepEqual(
    posts.map(({ status }) => status),
    [202, 202, 202, 202, 202],
  )
  open()
  const [one, other] = await Promise.all([
    settled(() => stack.poll(reporting, 'at-once')),
    settled(() => stack.post(reporting, 'at-once', rows(20))),
  ])
  assert.deepEqual([one.body, other.body], [greetings(20), greetings(20)])
  assert.equal(effects.asked.length, 20)
})

test('ten thousand rows come back in order', async () => {
  const many = Array.from({ length: 10_000 }, (_, row) => [row, `n${row}`])
  await stack.post(reporting, 'many', many)
  assert.equal((await settled(() => stack.poll(reporting, 'many'))).body, greetings(10_000))
})

test('numbers of any length and names of any script survive the table', async () => {
  const open = gate()
  await stack.post(reporting, 'script', [[0, '李雷 👩🏽‍🚀 "\\', effects.url]])
  open()
  assert.equal(
    (await settled(() => stack.poll(reporting, 'script'))).body,
    JSON.stringify({ data: [[0, 'Hello, 李雷 👩🏽‍🚀 "\\']] }),
  )
})

test('rows and answers beyond the size of an item of the table come back whole', async () => {
  // Random, so that compression does not make them small.
  const names = Array.from({ length: 20 }, () => crypto.getRandomValues(Buffer.alloc(50_000)).toString('hex'))
  await stack.post(
    reporting,
    'large',
    names.map((name, row) => [row, name]),
  )
  const { body } = await settled(() => stack.poll(reporting, 'large'))
  assert.equal(body, JSON.stringify({ data: names.map((name, row) => [row, `Hello, ${name}`]) }))
})

test('an answer that Lambda cannot return is 413 ANSWER_TOO_LARGE, as it would be at once', async () => {
  // The greetings add what takes the answer past the limit that the rows still keep.
  const asked = Array.from({ length: 330_000 }, (_, row) => [row, 'a'])
  assert.equal((await stack.post(reporting, 'too-large', asked)).errorType, undefined)
  assert.deepEqual(failure(await settled(() => stack.poll(reporting, 'too-large'))), [413, 'ANSWER_TOO_LARGE'])
})

test('nobody polls for a batch of another caller, nor for one that nobody sent', async () => {
  const open = gate()
  await stack.post(reporting, 'mine', rows(1))
  const analytics = await stack.identity('analytics')
  const door = await stack.assumeRole(analytics, analytics.doorRoleArn ?? '')
  assert.deepEqual(failure(await stack.poll(door, 'mine')), [404, 'BATCH_UNKNOWN'])
  assert.deepEqual(failure(await stack.poll(reporting, 'never-sent')), [404, 'BATCH_UNKNOWN'])
  open()
})

test('malformed rows are refused at once, and leave nothing in the table', async () => {
  const batches = async () => new Set((await stack.items()).map(({ batch }) => batch.S)).size
  const before = await batches()
  assert.deepEqual(failure(await stack.post(reporting, 'malformed', [[1, 'Alice']])), [400, 'ROWS_INVALID'])
  assert.equal(await batches(), before)
})

test('a failure that lasts is the answer of the batch, told as often as it is asked for, and its work is not done again', async () => {
  effects.onAsked(() => 'UNEXPECTED')
  const failing = { 'sf-custom-on-error': 'fail' }
  const answer = await settled(() => stack.post(reporting, 'lasting-failure', rows(1), failing))
  assert.deepEqual(failure(answer), [422, 'UNEXPECTED'])
  assert.match(JSON.parse(answer.body).error.message, /row 0/)
  assert.deepEqual(failure(await stack.poll(reporting, 'lasting-failure')), [422, 'UNEXPECTED'])
  assert.equal(effects.asked.length, 1)
})

test('a failure that passes is told once; the batch that Snowflake sends again is worked on again', async () => {
  effects.onAsked(() => (effects.asked.length === 1 ? 'DEADLINE_EXCEEDED' : 'greet'))
  const failing = { 'sf-custom-on-error': 'fail' }
  const first = await settled(() => stack.post(reporting, 'passing-failure', rows(1), failing))
  assert.deepEqual(failure(first), [503, 'DEADLINE_EXCEEDED'])
  const second = await settled(() => stack.post(reporting, 'passing-failure', rows(1), failing))
  assert.deepEqual([second.status, second.body], [200, greetings(1)])
})

test('a worker that dies is replaced when its lease is over, and somebody still polls', async () => {
  effects.onAsked(() => (effects.asked.length === 1 ? 'die' : 'greet'))
  assert.equal((await stack.post(reporting, 'dies', rows(1))).status, 202)
  const answer = await settled(() => stack.poll(reporting, 'dies'))
  assert.deepEqual([answer.status, answer.body], [200, greetings(1)])
  assert.equal(effects.asked.length, 2)
})

test('the event of an order runs nothing that is done, under way or unknown, and tells its sender nothing', async () => {
  await settled(() => stack.post(reporting, 'done', rows(2)))
  const open = gate()
  await stack.post(reporting, 'under-way', rows(2))
  const keys = new Set((await stack.items()).map(({ batch }) => batch.S))
  for (const key of [...keys, 'f'.repeat(64)]) {
    const answer = await stack.invoke(reporting, { workOnBatch: key })
    assert.deepEqual([answer.status, answer.body], [200, '{"statusCode":202,"body":"{}"}'])
  }
  open()
  await settled(() => stack.poll(reporting, 'under-way'))
  assert.equal(effects.asked.length, 4)
})

test('an object that is no order is the input of the story', async () => {
  const answer = await stack.invoke(reporting, { name: 'Alice' })
  assert.deepEqual(JSON.parse(answer.body), { statusCode: 200, body: '"Hello, Alice"' })
  const { body } = await stack.invoke(reporting, { workOnBatch: 'no key', name: 'Alice' })
  assert.deepEqual(JSON.parse(body), { statusCode: 200, body: '"Hello, Alice"' })
})

test('a batch without an id is answered at once', async () => {
  const answer = await stack.signed(reporting, 'execute-api', {
    path: '/dev/slow-hello',
    headers: { 'sf-external-function-format': 'json' },
    body: '{"data":[[0,"Alice"]]}',
  })
  assert.deepEqual([answer.status, answer.body], [200, '{"data":[[0,"Hello, Alice"]]}'])
})

test('a batch whose time is over is unknown, and is worked on again when it is sent again', async () => {
  const before = new Set((await stack.items()).map(({ batch }) => batch.S))
  await settled(() => stack.post(reporting, 'expires', rows(1)))
  const head = (await stack.items()).find(({ batch, part }) => !before.has(batch.S) && part.S === 'head')
  assert.ok(head)
  assert.equal((await stack.putItem({ ...head, expires: { N: '1' } })).status, 200)
  assert.deepEqual(failure(await stack.poll(reporting, 'expires')), [404, 'BATCH_UNKNOWN'])
  assert.equal((await settled(() => stack.post(reporting, 'expires', rows(1)))).body, greetings(1))
  assert.equal(effects.asked.length, 2)
})

test('each item of the table ends by itself after twelve hours, and shows no argument', async () => {
  await settled(() => stack.post(reporting, 'kept', [[0, 'planted-argument']]))
  for (const { expires, body } of await stack.items()) {
    const hours = (Number(expires.N) - Date.now() / 1_000) / 3_600
    assert.ok(hours > 11.9 && hours <= 12, `${hours} hours`)
    assert.ok(!Buffer.from(body.B, 'base64').includes('planted-argument'))
  }
})
