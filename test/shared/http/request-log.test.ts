import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import { createLambdaHandler, type Handler } from '../../../shared/http/index.ts'
import type { RowMapping } from '../../../shared/rows/parse-rows.ts'
import { context, proxyEvent } from './lambda-events.ts'

const firstArgument: RowMapping = { parameters: ['value'], toInput: ([, value]) => value }

/** The log lines of one request. */
const loggedBy = async (t: { mock: typeof import('node:test').mock }, handle: Handler, event: unknown) => {
  const log = t.mock.method(console, 'log', () => {})
  const answer = await createLambdaHandler(handle, firstArgument)(event, context())
  return { answer, lines: log.mock.calls.map(({ arguments: [line] }) => JSON.parse(String(line))) }
}

test('each request logs one line with caller, route, status and id', async (t) => {
  const { lines } = await loggedBy(t, () => 'done', proxyEvent({ requestId: 'r-1' }))
  assert.equal(lines.length, 1)
  const { milliseconds, ...line } = lines[0]
  assert.equal(typeof milliseconds, 'number')
  assert.deepEqual(line, {
    level: 'info',
    requestId: 'r-1',
    caller: 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/test',
    method: 'POST',
    path: '/hello',
    status: 200,
  })
})

test('an unexpected error is UNEXPECTED for the caller, and complete only in the log', async (t) => {
  const failing = () => {
    throw new TypeError('planted-evidence')
  }
  const { answer, lines } = await loggedBy(t, failing, proxyEvent())
  assert.equal(answer.statusCode, 422)
  assert.deepEqual(Object.keys(JSON.parse(answer.body).error), ['code', 'message', 'requestId'])
  assert.equal(JSON.parse(answer.body).error.code, 'UNEXPECTED')
  assert.ok(!answer.body.includes('planted-evidence'))
  assert.equal(lines[0].error, 'UNEXPECTED')
  assert.match(lines[0].cause, /TypeError: planted-evidence/)
})

test('the session token and the body appear neither in the log nor in the response', async (t) => {
  const event = proxyEvent({ body: '{"name":"planted-body' })
  const { answer, lines } = await loggedBy(t, () => 'unreached', event)
  const everything = JSON.stringify([answer, lines])
  assert.equal(answer.statusCode, 400)
  assert.ok(!everything.includes('planted-session-token'))
  assert.ok(!everything.includes('planted-body'))
})

const batch = (values: readonly unknown[], headers: Readonly<Record<string, string>> = {}) =>
  proxyEvent({
    body: JSON.stringify({ data: values.map((value, index) => [index, value]) }),
    headers: {
      'sf-external-function-current-query-id': 'query-1',
      'sf-external-function-query-batch-id': 'batch-1',
      ...headers,
    },
  })

const evenNumbers: Handler = (input) => {
  if (input === 'planted-argument') throw new TypeError('planted-evidence')
  if (Number(input) % 2 === 1) throw new ServiceError('INPUT_INVALID')
  return input
}

test('a batch logs one line with ids and counts, for any number of failed rows', async (t) => {
  const { answer, lines } = await loggedBy(t, evenNumbers, batch([...Array(1_000).keys()]))
  assert.equal(answer.statusCode, 200)
  assert.equal(lines.length, 1)
  const { level, batch: batchId, query, rows, rowErrors, error } = lines[0]
  assert.deepEqual(
    { level, batchId, query, rows, rowErrors, error },
    {
      level: 'warn',
      batchId: 'batch-1',
      query: 'query-1',
      rows: 1_000,
      rowErrors: { INPUT_INVALID: 500 },
      error: undefined,
    },
  )
})

test('an unexpected error in a row is complete only in the log, and the arguments appear nowhere', async (t) => {
  const { answer, lines } = await loggedBy(t, evenNumbers, batch([0, 'planted-argument']))
  assert.equal(answer.statusCode, 200)
  assert.ok(!answer.body.includes('planted'))
  assert.equal(lines[0].level, 'error')
  assert.match(lines[0].cause, /TypeError: planted-evidence/)
  assert.ok(!JSON.stringify(lines).includes('planted-argument'))
})

test('the cause of a row error is logged, with any code', async (t) => {
  const denied = () => {
    throw new ServiceError('ROLE_DENIED', { cause: new Error('planted-evidence') })
  }
  const { answer, lines } = await loggedBy(t, denied, batch([0, 1]))
  assert.ok(!answer.body.includes('planted'))
  assert.deepEqual([lines[0].level, lines[0].rowErrors], ['warn', { ROLE_DENIED: 2 }])
  assert.match(lines[0].cause, /Error: planted-evidence/)
})

test('a batch that fails as a whole logs one failure with its ids', async (t) => {
  const { answer, lines } = await loggedBy(t, evenNumbers, batch([0, 1], { 'SF-Custom-On-Error': 'fail' }))
  assert.equal(answer.statusCode, 400)
  assert.match(JSON.parse(answer.body).error.message, /Failed in row 1\.$/)
  assert.equal(lines.length, 1)
  assert.deepEqual([lines[0].level, lines[0].batch, lines[0].error], ['warn', 'batch-1', 'INPUT_INVALID'])
})
