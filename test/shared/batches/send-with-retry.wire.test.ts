import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { createAwsApiClient } from '../../../shared/aws/aws-api-client.ts'
import { createStateTable } from '../../../shared/batches/batch-state-table.ts'
import { createItemStore } from '../../../shared/batches/dynamodb-item-store.ts'

type Answer = { readonly status: number; readonly body: string } | 'hang up'

/** Items of a table whose DynamoDB sends these responses, and then repeats the last one. */
const itemsOf = async (answers: readonly Answer[]) => {
  const sent: { readonly target: string | undefined; readonly body: unknown }[] = []
  const paused: number[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    sent.push({
      target: request.headers['x-amz-target']?.toString(),
      body: JSON.parse(Buffer.concat(chunks).toString()),
    })
    const answer = answers[Math.min(sent.length, answers.length) - 1] ?? 'hang up'
    if (answer === 'hang up') response.destroy()
    else response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const send = createAwsApiClient({
    service: 'dynamodb',
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'planted-secret', sessionToken: 'planted-token' },
  })
  const pause = async (milliseconds: number) => {
    paused.push(milliseconds)
  }
  const items = createItemStore({ send, tableName: 'table', sleep: pause })
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { items, sent, paused, [Symbol.dispose]: close }
}

const dynamodbError = (status: number, type: string): Answer => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'in words' }),
})
const nothing = { status: 200, body: '{}' }
const throttled = dynamodbError(400, 'ThrottlingException')

for (const [what, passing] of Object.entries({
  'a throttled request': throttled,
  'throughput that is exceeded': dynamodbError(400, 'ProvisionedThroughputExceededException'),
  'a failure of the service': { status: 500, body: 'no JSON' },
  'a connection that breaks': 'hang up' as const,
})) {
  test(`${what} is retried with growing delays, and becomes 503 BATCHES_UNREACHABLE`, async () => {
    using passed = await itemsOf([passing, passing, nothing])
    assert.equal(await passed.items.get('a', 'head'), undefined)
    assert.deepEqual(passed.paused, [50, 200])
    using lasting = await itemsOf([passing])
    await assert.rejects(lasting.items.get('a', 'head'), { code: 'BATCHES_UNREACHABLE', status: 503 })
    assert.equal(lasting.sent.length, 4)
  })
}

test('a permanent error is 422 BATCHES_REFUSED without a retry, and its message is only in the cause', async () => {
  using denied = await itemsOf([dynamodbError(400, 'AccessDeniedException')])
  await assert.rejects(denied.items.get('a', 'head'), (error: Error & { code?: string; status?: number }) => {
    assert.deepEqual([error.code, error.status], ['BATCHES_REFUSED', 422])
    assert.ok(!error.message.includes('in words'))
    assert.match(String(error.cause), /AccessDeniedException.*in words/)
    assert.ok(!String(error.cause).includes('planted'))
    return true
  })
  assert.equal(denied.sent.length, 1)
})

test('a failed condition is not an error', async () => {
  using taken = await itemsOf([dynamodbError(400, 'ConditionalCheckFailedException')])
  const item = { version: 'v2', expires: 1, body: Buffer.from('x') }
  assert.equal(await taken.items.put('a', 'head', item, { version: 'v1' }), false)
})

test('a swap whose first response was lost recognizes its own write', async () => {
  const fields = { batchId: 'b', queryId: undefined, failsOnRowError: false, rows: { id: 'r', count: 1 } }
  const state = { status: 'queued', until: 1, failedAttempts: 0 } as const
  const own = JSON.stringify({
    Item: {
      version: { S: 'own' },
      expires: { N: '99' },
      body: { B: Buffer.from(JSON.stringify({ ...fields, state })).toString('base64') },
    },
  })
  using lost = await itemsOf([
    'hang up',
    dynamodbError(400, 'ConditionalCheckFailedException'),
    { status: 200, body: own },
  ])
  const table = createStateTable({ items: lost.items, now: () => 0, newId: () => 'own' })
  const stored = { record: { ...fields, state }, version: 'before', expires: 99 }
  assert.equal((await table.swap('a', stored, { ...fields, state }))?.version, 'own')
  assert.deepEqual(
    lost.sent.map(({ target }) => target),
    ['PutItem', 'PutItem', 'GetItem'].map((operation) => `DynamoDB_20120810.${operation}`),
  )
})
