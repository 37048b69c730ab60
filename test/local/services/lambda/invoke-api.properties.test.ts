import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { NamedPolicy } from '../../../../local/iam/index.ts'
import { propertyRuns, runsInFull } from '../../../property-runs.ts'
import { invokeApi, principal, wireRequest } from './invoke-requests.ts'
import { runFunction } from './running-functions.ts'

const everything: NamedPolicy = {
  name: 'everything',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
}
const admin = principal({ identityPolicies: [everything] })
const denied = [
  principal({}),
  principal({ accountId: '222222222222', identityPolicies: [everything] }),
  principal({
    identityPolicies: [
      everything,
      { name: 'deny', document: { Statement: { Effect: 'Deny', Action: 'lambda:*', Resource: '*' } } },
    ],
  }),
]

const result = { payload: 'null', logTail: '', durationMs: 1 }
const name = 'snowgate-dev-hello'

/** Text in which the words of the protocol turn up far more often than chance would have them. */
const words = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        name,
        'arn:aws:lambda:',
        'eu-central-1:',
        '111111111111:',
        'function:',
        ':$LATEST',
        '%24',
        '%3A',
        '/',
      ),
      fc.constantFrom('%', '%00', '..', '\u0000', '?', '&', 'Qualifier=', '__proto__', '\n', 'constructor', '\ud800'),
      fc.string({ unit: 'binary', maxLength: 12 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

const target = fc.oneof(
  words,
  words.map((text) => `/2015-03-31/functions/${text}/invocations`),
  words.map((text) => `/2015-03-31/functions/${encodeURIComponent(text.toWellFormed())}/invocations`),
  words.map((text) => `/2015-03-31/functions/${name}/invocations?${text}`),
  fc.constant(`/2015-03-31/functions/${name}/invocations`),
)
const headers = fc.oneof(
  fc.dictionary(
    fc.constantFrom('X-Amz-Invocation-Type', 'X-Amz-Log-Type', 'X-Amz-Client-Context', 'X-Amz-Tenant-Id', 'Expect'),
    fc.oneof(fc.constantFrom('Event', 'RequestResponse', 'DryRun', 'Tail', 'None', 'e30=', ''), words),
    { maxKeys: 3 },
  ),
  fc.record({ 'X-Amz-Invocation-Type': fc.constantFrom('Event', 'RequestResponse', 'DryRun') }),
)
const body = fc.oneof(
  fc.json().map((text) => Buffer.from(text)),
  words.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 64 }),
)
const request = fc
  .record({ method: fc.oneof(fc.constant('POST'), fc.constantFrom('GET', 'PUT', 'post', '')), target, headers, body })
  .map(wireRequest)

const statuses = [200, 202, 204, 400, 403, 404, 413, 501]

describe('whatever is sent to Invoke', () => {
  it('is answered in a form of Lambda, and invokes only what succeeds', async () => {
    const reached = new Set<number>()
    const property = fc.asyncProperty(request, async (sent) => {
      const { api, invocations } = invokeApi({ result })
      const { answer } = await api(sent, admin)
      reached.add(answer.status)
      assert.ok(statuses.includes(answer.status), `${answer.status}`)
      assert.equal(invocations.length, [200, 202].includes(answer.status) ? 1 : 0)
      for (const [, { payload, clientContext }] of invocations) {
        JSON.parse(payload)
        if (clientContext !== undefined) JSON.parse(clientContext)
      }
      if (answer.status >= 400) {
        const { Message, Type, message } = JSON.parse(`${answer.body}`)
        assert.ok(message !== undefined || Type === 'User')
        assert.equal(typeof (Message ?? message), 'string')
      }
    })
    await fc.assert(property, { numRuns: propertyRuns(5_000) })
    if (!runsInFull) return
    assert.deepEqual([...reached].sort(), [200, 202, 204, 400, 404, 501].sort(), 'the generator reaches what it should')
  })

  it('invokes nothing for a caller that is denied', async () => {
    const property = fc.asyncProperty(request, fc.constantFrom(...denied), async (sent, caller) => {
      const { api, invocations } = invokeApi({ result })
      const { answer } = await api(sent, caller)
      assert.deepEqual(invocations, [])
      assert.ok([400, 403, 501].includes(answer.status), `${answer.status}`)
    })
    await fc.assert(property, { numRuns: propertyRuns(5_000) })
  })
})

describe('whatever JSON a function is given', () => {
  it('it gets as JSON.parse has it, and what it returns comes back as JSON.stringify has it', async (t) => {
    const { runner } = runFunction(t, { 'index.mjs': 'export const handler = (event) => event' })
    const property = fc.asyncProperty(fc.json({ maxDepth: 5 }), async (payload) => {
      const { payload: answered } = await runner.invoke('hello', { payload, requestId: 'r', traceId: 't' })
      assert.equal(answered, JSON.stringify(JSON.parse(payload)))
    })
    await fc.assert(property, { numRuns: propertyRuns(2_000) })
  })
})
