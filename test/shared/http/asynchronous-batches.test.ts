import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Batches, BatchRequest } from '../../../shared/batches/index.ts'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import { createLambdaHandler } from '../../../shared/http/index.ts'
import { context, proxyEvent } from './lambda-events.ts'

const headers = { 'sf-external-function-format': 'json', 'sf-external-function-query-batch-id': 'batch-1' }
const body = '{"data":[[0,9007199254740993],[1,12.30]]}'
const workEvent = { kind: 'work' }

/** Batches that record their calls; work is processed at once. */
const recordingBatches = ({ answer, stopped = false }: { answer?: string; stopped?: boolean } = {}) => {
  const calls: unknown[] = []
  let processedText: string | undefined
  const result = answer === undefined ? undefined : { text: answer, rows: 1, failures: new Map() }
  const identified = ({ batchId, callerArn, failsOnRowError }: BatchRequest) => ({
    batchId,
    callerArn,
    failsOnRowError,
  })
  const batches: Batches = {
    submit: async (batch, rows) => {
      calls.push(['submit', identified(batch), rows])
      return result
    },
    poll: async (batch) => {
      calls.push(['poll', identified(batch)])
      return result
    },
    workKeyIn: (event) => (event === workEvent ? 'key' : undefined),
    work: async (key, processRows) => {
      calls.push(['work', key])
      const batch = { batchId: 'batch-1', queryId: 'query-1', failsOnRowError: false }
      const answer = await processRows({ text: body, batch, stopped: () => stopped })
      processedText = answer.text
      return answer
    },
  }
  const handler = createLambdaHandler(
    (input) => input,
    { parameters: ['value'], toInput: ([, value]) => value },
    batches,
  )
  return {
    calls,
    processedText: () => processedText,
    send: (event: unknown) => handler(event, { ...context(), getRemainingTimeInMillis: () => 9_000 }),
  }
}

const caller = 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/test'
const identified = { batchId: 'batch-1', callerArn: caller, failsOnRowError: false }
const accepted = { statusCode: 202, headers: { 'content-type': 'application/json' }, body: '{}' }

test('a batch is submitted unchanged with its caller, and the response is 202 while it is in progress', async () => {
  const { calls, send } = recordingBatches()
  assert.deepEqual(await send(proxyEvent({ body, headers })), accepted)
  assert.deepEqual(calls, [['submit', identified, body]])
})

test('GET polls with the id and reads no body', async () => {
  const { calls, send } = recordingBatches({ answer: '{"data":[[0,1]]}' })
  assert.equal((await send(proxyEvent({ httpMethod: 'GET', headers }))).body, '{"data":[[0,1]]}')
  assert.deepEqual(calls, [['poll', identified]])
})

for (const { what, event, status, code } of [
  { what: 'malformed rows', event: { body: '{"data":[[1,1]]}', headers }, status: 400, code: 'ROWS_INVALID' },
  { what: 'a body that is not JSON', event: { body: '{', headers }, status: 400, code: 'BODY_NOT_JSON' },
  {
    what: 'a poll without a batch id',
    event: { httpMethod: 'GET', headers: { 'sf-external-function-format': 'json' } },
    status: 404,
    code: 'BATCH_UNKNOWN',
  },
]) {
  test(`${what} is rejected with ${status} ${code} before anything is stored`, async () => {
    const { calls, send } = recordingBatches()
    const answer = await send(proxyEvent(event))
    assert.deepEqual([answer.statusCode, JSON.parse(answer.body).error.code], [status, code])
    assert.deepEqual(calls, [])
  })
}

test('a work event keeps all digits of its rows, returns no result, and logs the ids of its batch', async (t) => {
  const lines = t.mock.method(console, 'log', () => {})
  const { calls, processedText, send } = recordingBatches()
  assert.deepEqual(await send(workEvent), { statusCode: 202, body: '{}' })
  assert.deepEqual(calls, [['work', 'key']])
  assert.equal(processedText(), body)
  const { caller, batch, query, rows, status } = JSON.parse(String(lines.mock.calls[0]?.arguments[0]))
  assert.deepEqual(
    { caller, batch, query, rows, status },
    { caller: 'asynchronous batch worker', batch: 'batch-1', query: 'query-1', rows: 2, status: 202 },
  )
})

test('a worker that lost its batch processes no further row', async () => {
  const { processedText, send } = recordingBatches({ stopped: true })
  const answer = await send(workEvent)
  assert.deepEqual([answer.statusCode, JSON.parse(answer.body).error.code], [503, 'DEADLINE_EXCEEDED'])
  assert.equal(processedText(), undefined)
})

test('an error of the batch is returned like an error of a synchronous request', async () => {
  const failing: Batches = {
    workKeyIn: () => undefined,
    submit: () => Promise.reject(new ServiceError('ANSWER_TOO_LARGE')),
    poll: () => Promise.reject(new ServiceError('ANSWER_TOO_LARGE')),
    work: async () => undefined,
  }
  const handler = createLambdaHandler(
    (input) => input,
    { parameters: ['value'], toInput: ([, value]) => value },
    failing,
  )
  for (const httpMethod of ['GET', 'POST']) {
    const answer = await handler(proxyEvent({ httpMethod, body, headers }), context())
    assert.deepEqual([answer.statusCode, JSON.parse(answer.body).error.code], [413, 'ANSWER_TOO_LARGE'])
  }
})
