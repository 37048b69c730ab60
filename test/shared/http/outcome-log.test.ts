import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ServiceError } from '../../../shared/errors/index.ts'
import { httpFunction, type Story } from '../../../shared/http/index.ts'
import type { RowForm } from '../../../shared/rows/index.ts'
import { context, proxyEvent } from './events.ts'

const firstArgument: RowForm = { takes: ['value'], input: ([, value]) => value }

/** What a function printed while it answered. */
const printedBy = async (t: { mock: typeof import('node:test').mock }, story: Story, event: unknown) => {
  const log = t.mock.method(console, 'log', () => {})
  const answer = await httpFunction(story, firstArgument)(event, context())
  return { answer, lines: log.mock.calls.map(({ arguments: [line] }) => JSON.parse(String(line))) }
}

test('each request leaves one line that names caller, route, status and id', async (t) => {
  const { lines } = await printedBy(t, () => 'done', proxyEvent({ requestId: 'r-1' }))
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

test('an error nobody foresaw is UNEXPECTED to the caller and told in full to the log alone', async (t) => {
  const failing = () => {
    throw new TypeError('planted-evidence')
  }
  const { answer, lines } = await printedBy(t, failing, proxyEvent())
  assert.equal(answer.statusCode, 422)
  assert.deepEqual(Object.keys(JSON.parse(answer.body).error), ['code', 'message', 'requestId'])
  assert.equal(JSON.parse(answer.body).error.code, 'UNEXPECTED')
  assert.ok(!answer.body.includes('planted-evidence'))
  assert.equal(lines[0].error, 'UNEXPECTED')
  assert.match(lines[0].cause, /TypeError: planted-evidence/)
})

test('the session token among the headers and the body appear neither in the log nor in an answer', async (t) => {
  const event = proxyEvent({ body: '{"name":"planted-body' })
  const { answer, lines } = await printedBy(t, () => 'unreached', event)
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

const evenNumbers: Story = (input) => {
  if (input === 'planted-argument') throw new TypeError('planted-evidence')
  if (Number(input) % 2 === 1) throw new ServiceError('INPUT_INVALID')
  return input
}

test('a batch leaves one line with ids and counts, however many of its rows fail', async (t) => {
  const { answer, lines } = await printedBy(t, evenNumbers, batch([...Array(1_000).keys()]))
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

test('a defect in a row is told in full to the log alone, and the arguments to nobody', async (t) => {
  const { answer, lines } = await printedBy(t, evenNumbers, batch([0, 'planted-argument']))
  assert.equal(answer.statusCode, 200)
  assert.ok(!answer.body.includes('planted'))
  assert.equal(lines[0].level, 'error')
  assert.match(lines[0].cause, /TypeError: planted-evidence/)
  assert.ok(!JSON.stringify(lines).includes('planted-argument'))
})

test('why a row was refused by somebody else is told to the log, whatever the code', async (t) => {
  const denied = () => {
    throw new ServiceError('ROLE_DENIED', { cause: new Error('planted-evidence') })
  }
  const { answer, lines } = await printedBy(t, denied, batch([0, 1]))
  assert.ok(!answer.body.includes('planted'))
  assert.deepEqual([lines[0].level, lines[0].rowErrors], ['warn', { ROLE_DENIED: 2 }])
  assert.match(lines[0].cause, /Error: planted-evidence/)
})

test('a batch that fails whole leaves the line of a failure, with its ids', async (t) => {
  const { answer, lines } = await printedBy(t, evenNumbers, batch([0, 1], { 'SF-Custom-On-Error': 'fail' }))
  assert.equal(answer.statusCode, 400)
  assert.match(JSON.parse(answer.body).error.message, /Failed in row 1\.$/)
  assert.equal(lines.length, 1)
  assert.deepEqual([lines[0].level, lines[0].batch, lines[0].error], ['warn', 'batch-1', 'INPUT_INVALID'])
})
