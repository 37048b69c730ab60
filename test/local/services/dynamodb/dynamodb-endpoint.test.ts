import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Principal } from '../../../../local/iam/index.ts'
import { createIdentifiers } from '../../../../local/identifiers.ts'
import { createJournal } from '../../../../local/journal.ts'
import { createDynamodb } from '../../../../local/services/dynamodb/index.ts'
import { sign } from '../../running-stack.ts'

const location = { accountId: '111111111111', region: 'eu-central-1', partition: 'aws' }
const arnOf = (name: string) => `arn:aws:dynamodb:eu-central-1:111111111111:table/${name}`
const table = (name: string) => ({
  definition: {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: [{ AttributeName: 'batch', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'batch', KeyType: 'HASH' }],
  },
  timeToLiveAttribute: 'expires',
})

const roleArn = 'arn:aws:iam::111111111111:role/snowgate-dev-slow-hello-function'
const session: Principal = {
  type: 'AssumedRole',
  accountId: '111111111111',
  arn: 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-slow-hello-function/session',
  principalArn: roleArn,
  userId: 'AROAEXAMPLE:session',
  identityPolicies: [
    {
      name: 'policy batches',
      document: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'KeepBatches',
            Effect: 'Allow',
            Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
            Resource: arnOf('own'),
          },
        ],
      },
    },
  ],
}
const key = { accessKeyId: 'ASIAEXAMPLEEXAMPLE00', secretAccessKey: 'secret', sessionToken: 'token' }

/** The endpoint with the tables `own` and `other`, a clock that can be set, and a sender of signed requests. */
const startDynamodb = async ({ tables = [table('own'), table('other')] } = {}) => {
  let now = new Date('2026-11-24T12:00:00Z')
  const journal = createJournal(() => {})
  const dynamodb = createDynamodb({
    location,
    findKey: (accessKeyId) => (accessKeyId === key.accessKeyId ? { ...key, owner: session } : undefined),
    identifiers: createIdentifiers('test'),
    journal,
    now: () => now,
  })
  await dynamodb.add(tables)
  const send = async (operation: string, input: unknown, credentials: typeof key = key) => {
    const body = JSON.stringify(input)
    const headers = { 'X-Amz-Target': `DynamoDB_20120810.${operation}`, 'Content-Type': 'application/x-amz-json-1.0' }
    const signed = sign({ path: '/', headers, body }, credentials, { host: 'local', service: 'dynamodb', date: now })
    const answer = await dynamodb.answer({
      method: 'POST',
      target: signed.path,
      rawHeaders: Object.entries(signed.headers ?? {}).flatMap(([name, value]) => [name, `${value}`]),
      body: Buffer.from(body),
      sourceIp: '127.0.0.1',
    })
    const { __type: type, message, ...rest } = JSON.parse(answer.body.toString())
    const decision = journal.find(String(answer.headers['x-amzn-RequestId']))
    return { status: answer.status, type, message, rest, decision }
  }
  return {
    ...dynamodb,
    send,
    wait: (milliseconds: number) => {
      now = new Date(now.getTime() + milliseconds)
    },
    seconds: () => Math.floor(now.getTime() / 1_000),
  }
}

const item = (batch: string, more = {}) => ({ TableName: 'own', Item: { batch: { S: batch }, ...more } })
const getItemInput = (batch: string) => ({ TableName: 'own', Key: { batch: { S: batch } } })

test('what was put is got, and a condition is held', async () => {
  const { send } = await startDynamodb()
  const first = { ...item('a', { version: { S: '1' } }), ConditionExpression: 'attribute_not_exists(version)' }
  assert.equal((await send('PutItem', first)).status, 200)
  assert.deepEqual((await send('GetItem', getItemInput('a'))).rest, {
    Item: { batch: { S: 'a' }, version: { S: '1' } },
  })
  const { status, type, message } = await send('PutItem', first)
  assert.deepEqual(
    [status, type, message],
    [400, 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException', 'The conditional request failed'],
  )
})

test('a role that may use its own table cannot touch another, nor do more with its own, and the journal says why', async () => {
  const { send } = await startDynamodb()
  for (const [operation, input, table] of [
    ['GetItem', { ...getItemInput('a'), TableName: 'other' }, 'other'],
    ['PutItem', { ...item('a'), TableName: 'other' }, 'other'],
    ['GetItem', { ...getItemInput('a'), TableName: 'no-such-table' }, 'no-such-table'],
    ['Scan', { TableName: 'own' }, 'own'],
  ] as const) {
    const { status, type, message, decision } = await send(operation, input)
    assert.deepEqual(
      [status, type, message],
      [
        400,
        'com.amazon.coral.service#AccessDeniedException',
        `User: ${session.arn} is not authorized to perform: dynamodb:${operation} on resource: ${arnOf(table)} because no identity-based policy allows the dynamodb:${operation} action`,
      ],
    )
    assert.match(decision?.fix ?? '', new RegExp(`dynamodb:${operation}`))
  }
})

for (const [operation, input, what] of [
  ['UpdateItem', { TableName: 'own' }, 'UpdateItem of DynamoDB'],
  ['ListTables', {}, 'ListTables of DynamoDB'],
  ['GetItem', { TableName: arnOf('own') }, 'GetItem without the plain name of a table'],
  ['GetItem', null, 'GetItem without the plain name of a table'],
] as const) {
  test(`${operation} ${JSON.stringify(input)} is rejected by name`, async () => {
    const { send } = await startDynamodb()
    const { status, type, message } = await send(operation, input)
    assert.deepEqual(
      [status, type, message],
      [
        501,
        'LocalUnsupported',
        `The local stack does not imitate ${what}. Of DynamoDB it has GetItem, PutItem and Scan.`,
      ],
    )
  })
}

test('another deployment: a table that stays keeps its items, one that goes is gone, and comes back empty', async () => {
  const { send, add, retain } = await startDynamodb()
  await send('PutItem', item('a'))
  await add([table('own')])
  await retain([table('own')])
  assert.ok((await send('GetItem', getItemInput('a'))).rest.Item)
  await add([table('other')])
  await retain([table('other')])
  const gone = await send('GetItem', getItemInput('a'))
  assert.deepEqual([gone.status, gone.type], [400, 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException'])
  await add([table('own')])
  assert.deepEqual((await send('GetItem', getItemInput('a'))).rest, {})
})

test('a table that would have to be made anew is rejected by its name', async () => {
  const { add } = await startDynamodb()
  const own = table('own')
  const otherKey = { ...own.definition, KeySchema: [{ AttributeName: 'other', KeyType: 'HASH' }] }
  await assert.rejects(
    add([table('third'), { ...own, definition: otherKey }]),
    /^Error: The table own would have to be made anew, and CloudFormation replaces no table that has a name of its own/,
  )
})

test('a template without a table has no DynamoDB', async () => {
  const { send } = await startDynamodb({ tables: [] })
  const { status, type } = await send('GetItem', getItemInput('a'))
  assert.deepEqual([status, type], [501, 'LocalUnsupported'])
})

test('who signs with a wrong secret, or an unknown key, is rejected in words of DynamoDB', async () => {
  const { send } = await startDynamodb()
  const wrong = await send('GetItem', getItemInput('a'), { ...key, secretAccessKey: 'other' })
  assert.deepEqual([wrong.status, wrong.type], [400, 'com.amazon.coral.service#InvalidSignatureException'])
  const unknown = await send('GetItem', getItemInput('a'), { ...key, accessKeyId: 'ASIAUNKNOWNUNKNOWN00' })
  assert.deepEqual(
    [unknown.status, unknown.type, unknown.message],
    [
      400,
      'com.amazon.coral.service#UnrecognizedClientException',
      'The security token included in the request is invalid.',
    ],
  )
})

test('an item is gone a minute after its time has come, and stays until then', async () => {
  const { send, wait, seconds } = await startDynamodb()
  await send('PutItem', item('kept', { expires: { N: `${seconds() + 12 * 3_600}` } }))
  await send('PutItem', item('timeless'))
  await send('PutItem', item('expired', { expires: { N: `${seconds() + 30}` } }))
  assert.ok((await send('GetItem', getItemInput('expired'))).rest.Item)
  wait(61_000)
  const left = await Promise.all(
    ['kept', 'timeless', 'expired'].map(
      async (batch) => (await send('GetItem', getItemInput(batch))).rest.Item !== undefined,
    ),
  )
  assert.deepEqual(left, [true, true, false])
  wait(12 * 3_600_000)
  assert.equal((await send('GetItem', getItemInput('kept'))).rest.Item, undefined)
})

test('an item beyond 400 KB is rejected in words of DynamoDB', async () => {
  const { send } = await startDynamodb()
  const { status, type, message } = await send('PutItem', item('a', { body: { S: 'x'.repeat(409_600) } }))
  assert.deepEqual(
    [status, type, message],
    [400, 'com.amazon.coral.validate#ValidationException', 'Item size has exceeded the maximum allowed size'],
  )
})
