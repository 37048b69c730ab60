import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { createLambdaHandler, type RequestContext } from '../../../shared/http/index.ts'
import { context, proxyEvent } from './lambda-events.ts'

const observedContexts = async (event: unknown, remaining = 3_000) => {
  const { mock: log } = mock.method(console, 'log', () => {})
  const contexts: { callerArn: string | undefined; rowId: string | undefined; milliseconds: number }[] = []
  const handle = (_: unknown, { callerArn, rowId, remainingMilliseconds }: RequestContext) => {
    contexts.push({ callerArn, rowId, milliseconds: remainingMilliseconds() })
  }
  const lambda = { ...context(), getRemainingTimeInMillis: () => remaining }
  await createLambdaHandler(handle, { parameters: ['name'], toInput: ([, name]) => name })(event, lambda)
  log.restore()
  return contexts
}

const caller = 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/test'
const rows = (headers: Record<string, string>) =>
  proxyEvent({ body: '{"data":[[0,"a"],[1,"b"]]}', headers: { 'sf-external-function-format': 'json', ...headers } })

test('a handler gets the signer of the request, and none for a direct invocation', async () => {
  assert.deepEqual(
    (await observedContexts(proxyEvent({ body: '{}' }))).map(({ callerArn }) => callerArn),
    [caller],
  )
  assert.deepEqual(
    (await observedContexts({})).map(({ callerArn }) => callerArn),
    [undefined],
  )
})

test('a row has the same id each time its batch is sent, and none without a batch id', async () => {
  const idsOf = async (event: unknown) =>
    (await observedContexts(event)).map(({ callerArn, rowId }) => [callerArn, rowId])
  const batch = rows({ 'SF-External-Function-Query-Batch-ID': '01b2:c' })
  assert.deepEqual(await idsOf(batch), [
    [caller, '01b2:c:0'],
    [caller, '01b2:c:1'],
  ])
  assert.deepEqual(await idsOf(batch), await idsOf(batch))
  assert.deepEqual(await idsOf(rows({})), [
    [caller, undefined],
    [caller, undefined],
  ])
})

test('behind API Gateway a handler has at most 29 seconds, and a direct invocation has Lambda’s time limit', async () => {
  const of = async (event: unknown) => (await observedContexts(event, 540_000))[0]?.milliseconds ?? Number.NaN
  for (const event of [proxyEvent({ body: '{}' }), rows({})]) assert.ok((await of(event)) <= 29_000)
  assert.equal(await of({}), 540_000)
})
