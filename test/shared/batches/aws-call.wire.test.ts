import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { dynamodbItems } from '../../../shared/batches/dynamodb-items.ts'
import { stateTable } from '../../../shared/batches/state-table.ts'
import { awsService } from '../../../shared/signing/index.ts'

type Answer = { readonly status: number; readonly body: string } | 'hang up'

/** The items of a table whose DynamoDB answers as told, the last answer again and again. */
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
  const send = awsService({
    service: 'dynamodb',
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'ASIAEXAMPLE', secretAccessKey: 'planted-secret', sessionToken: 'planted-token' },
  })
  const pause = async (milliseconds: number) => {
    paused.push(milliseconds)
  }
  const items = dynamodbItems({ send, tableName: 'table', pause })
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { items, sent, paused, [Symbol.dispose]: close }
}

const refusal = (status: number, type: string): Answer => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: 'in words' }),
})
const nothing = { status: 200, body: '{}' }
const throttled = refusal(400, 'ThrottlingException')

for (const [what, passing] of Object.entries({
  'a throttled request': throttled,
  'throughput that is exceeded': refusal(400, 'ProvisionedThroughputExceededException'),
  'a failure of the service': { status: 500, body: 'no JSON' },
  'a connection that breaks': 'hang up' as const,
})) {
  test(`${what} is tried again, a little later each time, and is 503 BATCHES_UNREACHABLE in the end`, async () => {
    using passed = await itemsOf([passing, passing, nothing])
    assert.equal(await passed.items.get('a', 'head'), undefined)
    assert.deepEqual(passed.paused, [50, 200])
    using lasting = await itemsOf([passing])
    await assert.rejects(lasting.items.get('a', 'head'), { code: 'BATCHES_UNREACHABLE', status: 503 })
    assert.equal(lasting.sent.length, 4)
  })
}

test('a refusal is 422 BATCHES_REFUSED at once, its words kept from the caller as the cause', async () => {
  using denied = await itemsOf([refusal(400, 'AccessDeniedException')])
  await assert.rejects(denied.items.get('a', 'head'), (error: Error & { code?: string; status?: number }) => {
    assert.deepEqual([error.code, error.status], ['BATCHES_REFUSED', 422])
    assert.ok(!error.message.includes('in words'))
    assert.match(String(error.cause), /AccessDeniedException.*in words/)
    assert.ok(!String(error.cause).includes('planted'))
    return true
  })
  assert.equal(denied.sent.length, 1)
})

test('a condition that does not hold is no failure', async () => {
  using taken = await itemsOf([refusal(400, 'ConditionalCheckFailedException')])
  const item = { version: 'v2', expires: 1, body: Buffer.from('x') }
  assert.equal(await taken.items.put('a', 'head', item, { version: 'v1' }), false)
})

test('a swap whose first answer got lost on the way knows its own writing', async () => {
  const head = { batchId: 'b', queryId: undefined, failsWhole: false, rows: { id: 'r', count: 1 } }
  const state = { is: 'queued', until: 1, deaths: 0 } as const
  const own = JSON.stringify({
    Item: {
      version: { S: 'own' },
      expires: { N: '99' },
      body: { B: Buffer.from(JSON.stringify({ ...head, state })).toString('base64') },
    },
  })
  using lost = await itemsOf(['hang up', refusal(400, 'ConditionalCheckFailedException'), { status: 200, body: own }])
  const table = stateTable({ items: lost.items, now: () => 0, newId: () => 'own' })
  const known = { head: { ...head, state }, version: 'before', expires: 99 }
  assert.equal((await table.swap('a', known, { ...head, state }))?.version, 'own')
  assert.deepEqual(
    lost.sent.map(({ target }) => target),
    ['PutItem', 'PutItem', 'GetItem'].map((operation) => `DynamoDB_20120810.${operation}`),
  )
})
