import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { type Circumstances, httpFunction } from '../../../shared/http/index.ts'
import { context, proxyEvent } from './events.ts'

const told = async (event: unknown, remaining = 3_000) => {
  const { mock: log } = mock.method(console, 'log', () => {})
  const heard: { callerArn: string | undefined; rowId: string | undefined; milliseconds: number }[] = []
  const story = (_: unknown, { callerArn, rowId, remainingMilliseconds }: Circumstances) => {
    heard.push({ callerArn, rowId, milliseconds: remainingMilliseconds() })
  }
  const lambda = { ...context(), getRemainingTimeInMillis: () => remaining }
  await httpFunction(story, { takes: ['name'], input: ([, name]) => name })(event, lambda)
  log.restore()
  return heard
}

const caller = 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/test'
const rows = (headers: Record<string, string>) =>
  proxyEvent({ body: '{"data":[[0,"a"],[1,"b"]]}', headers: { 'sf-external-function-format': 'json', ...headers } })

test('a story knows who signed the request, and nobody of a direct invocation', async () => {
  assert.deepEqual(
    (await told(proxyEvent({ body: '{}' }))).map(({ callerArn }) => callerArn),
    [caller],
  )
  assert.deepEqual(
    (await told({})).map(({ callerArn }) => callerArn),
    [undefined],
  )
})

test('a row has an id that is the same whenever its batch is sent, and none without a batch id', async () => {
  const idsOf = async (event: unknown) => (await told(event)).map(({ callerArn, rowId }) => [callerArn, rowId])
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

test('behind the gateway a story has no more than 29 seconds, and a direct one what Lambda gives', async () => {
  const of = async (event: unknown) => (await told(event, 540_000))[0]?.milliseconds ?? Number.NaN
  for (const event of [proxyEvent({ body: '{}' }), rows({})]) assert.ok((await of(event)) <= 29_000)
  assert.equal(await of({}), 540_000)
})
