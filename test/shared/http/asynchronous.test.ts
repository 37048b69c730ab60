import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AskedBatch, Batches } from '../../../shared/batches/index.ts'
import { ServiceError } from '../../../shared/errors/index.ts'
import { httpFunction } from '../../../shared/http/index.ts'
import { context, proxyEvent } from './events.ts'

const headers = { 'sf-external-function-format': 'json', 'sf-external-function-query-batch-id': 'batch-1' }
const body = '{"data":[[0,9007199254740993],[1,12.30]]}'
const order = { order: 'of work' }

/** What the stack asks of asynchronous batches, written down; work is told at once. */
const scene = ({ answer, stopped = false }: { answer?: string; stopped?: boolean } = {}) => {
  const asked: unknown[] = []
  let told: string | undefined
  const result = answer === undefined ? undefined : { text: answer, rows: 1, failures: new Map() }
  const named = ({ batchId, callerArn, failsWhole }: AskedBatch) => ({ batchId, callerArn, failsWhole })
  const batches: Batches = {
    submit: async (batch, rows) => {
      asked.push(['submit', named(batch), rows])
      return result
    },
    poll: async (batch) => {
      asked.push(['poll', named(batch)])
      return result
    },
    orderIn: (event) => (event === order ? 'key' : undefined),
    work: async (key, tell) => {
      asked.push(['work', key])
      const batch = { batchId: 'batch-1', queryId: 'query-1', failsWhole: false }
      const answer = await tell({ text: body, batch, stopped: () => stopped })
      told = answer.text
      return answer
    },
  }
  const handler = httpFunction((input) => input, { takes: ['value'], input: ([, value]) => value }, batches)
  return {
    asked,
    told: () => told,
    send: (event: unknown) => handler(event, { ...context(), getRemainingTimeInMillis: () => 9_000 }),
  }
}

const caller = 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/test'
const named = { batchId: 'batch-1', callerArn: caller, failsWhole: false }
const accepted = { statusCode: 202, headers: { 'content-type': 'application/json' }, body: '{}' }

test('a batch is handed over as it came, with who sent it, and 202 is said while it is under way', async () => {
  const { asked, send } = scene()
  assert.deepEqual(await send(proxyEvent({ body, headers })), accepted)
  assert.deepEqual(asked, [['submit', named, body]])
})

test('its GET hands over the id and reads no body', async () => {
  const { asked, send } = scene({ answer: '{"data":[[0,1]]}' })
  assert.equal((await send(proxyEvent({ httpMethod: 'GET', headers }))).body, '{"data":[[0,1]]}')
  assert.deepEqual(asked, [['poll', named]])
})

for (const { what, event, status, code } of [
  { what: 'malformed rows', event: { body: '{"data":[[1,1]]}', headers }, status: 400, code: 'ROWS_INVALID' },
  { what: 'a body that is no JSON', event: { body: '{', headers }, status: 400, code: 'BODY_NOT_JSON' },
  {
    what: 'a poll without the id of a batch',
    event: { httpMethod: 'GET', headers: { 'sf-external-function-format': 'json' } },
    status: 404,
    code: 'BATCH_UNKNOWN',
  },
]) {
  test(`${what} is refused with ${status} ${code} before anything is kept`, async () => {
    const { asked, send } = scene()
    const answer = await send(proxyEvent(event))
    assert.deepEqual([answer.statusCode, JSON.parse(answer.body).error.code], [status, code])
    assert.deepEqual(asked, [])
  })
}

test('an order is worked on with every digit of its rows, told to nobody, and logged with the ids of its batch', async (t) => {
  const lines = t.mock.method(console, 'log', () => {})
  const { asked, told, send } = scene()
  assert.deepEqual(await send(order), { statusCode: 202, body: '{}' })
  assert.deepEqual(asked, [['work', 'key']])
  assert.equal(told(), body)
  const { caller, batch, query, rows, status } = JSON.parse(String(lines.mock.calls[0]?.arguments[0]))
  assert.deepEqual(
    { caller, batch, query, rows, status },
    { caller: 'its own order, or one like it', batch: 'batch-1', query: 'query-1', rows: 2, status: 202 },
  )
})

test('a worker that lost its batch tells no further row', async () => {
  const { told, send } = scene({ stopped: true })
  const answer = await send(order)
  assert.deepEqual([answer.statusCode, JSON.parse(answer.body).error.code], [503, 'DEADLINE_EXCEEDED'])
  assert.equal(told(), undefined)
})

test('what the state of a batch comes to is answered as if it had happened at once', async () => {
  const failing: Batches = {
    orderIn: () => undefined,
    submit: () => Promise.reject(new ServiceError('ANSWER_TOO_LARGE')),
    poll: () => Promise.reject(new ServiceError('ANSWER_TOO_LARGE')),
    work: async () => undefined,
  }
  const handler = httpFunction((input) => input, { takes: ['value'], input: ([, value]) => value }, failing)
  for (const httpMethod of ['GET', 'POST']) {
    const answer = await handler(proxyEvent({ httpMethod, body, headers }), context())
    assert.deepEqual([answer.statusCode, JSON.parse(answer.body).error.code], [413, 'ANSWER_TOO_LARGE'])
  }
})
