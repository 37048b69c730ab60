import assert from 'node:assert/strict'
import { test } from 'node:test'
import { httpFunction } from '../../../shared/http/index.ts'
import { context, proxyEvent } from './events.ts'

/** What a function printed while it answered. */
const printedBy = async (t: { mock: typeof import('node:test').mock }, story: () => unknown, event: unknown) => {
  const log = t.mock.method(console, 'log', () => {})
  const answer = await httpFunction(story)(event, context())
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
