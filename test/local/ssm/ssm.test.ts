/** What no client of Parameter Store's own can send. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { openDoor } from './parameter-store-world.ts'

let door: Awaited<ReturnType<typeof openDoor>>
before(async () => {
  door = await openDoor()
})
after(() => door.stop())

type Sent = Parameters<Awaited<ReturnType<typeof openDoor>>['send']>
const wanted = '{"Name":"/app/key"}'
const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000)

interface Case {
  readonly claim: string
  readonly send: Sent
  readonly status?: number
  readonly type: string
  readonly message?: RegExp
}

const cases: readonly Case[] = [
  {
    claim: 'a wrong secret',
    send: ['AmazonSSM.GetParameter', wanted, { secretAccessKey: 'x' }],
    type: 'InvalidSignatureException',
    message: /^The request signature we calculated does not match the signature you provided\. [^\n]+ for details\.$/,
  },
  {
    claim: 'an unknown key',
    send: ['AmazonSSM.GetParameter', wanted, { accessKeyId: 'ASIANOBODY' }],
    type: 'UnrecognizedClientException',
    message: /^The security token included in the request is invalid\.$/,
  },
  {
    claim: 'a clock six minutes behind',
    send: ['AmazonSSM.GetParameter', wanted, { date: minutesFromNow(-6) }],
    type: 'InvalidSignatureException',
    message: /^Signature expired: .* - 5 min\.\)$/,
  },
  {
    claim: 'a signature for another service',
    send: ['AmazonSSM.GetParameter', wanted, { service: 'secretsmanager' }],
    type: 'InvalidSignatureException',
    message: /^Credential should be scoped to correct service: 'ssm'\. $/,
  },
  {
    claim: 'another operation of SSM',
    send: ['AmazonSSM.GetParametersByPath', '{"Path":"/"}'],
    status: 501,
    type: 'LocalUnsupported',
    message:
      /^The local stack does not imitate GetParametersByPath of SSM\. Of Parameter Store it has GetParameter, GetParameters, PutParameter and DeleteParameter\.$/,
  },
  { claim: 'an operation of nobody', send: ['Nothing.AtAll', '{}'], type: 'UnknownOperationException' },
  { claim: 'a body that is not JSON', send: ['AmazonSSM.GetParameter', '{'], type: 'SerializationException' },
  { claim: 'a body that is null', send: ['AmazonSSM.GetParameter', 'null'], type: 'SerializationException' },
  { claim: 'a name that is a number', send: ['AmazonSSM.GetParameter', '{"Name":1}'], type: 'SerializationException' },
  {
    claim: 'no name',
    send: ['AmazonSSM.GetParameter', '{}'],
    type: 'ValidationException',
    message: /^1 validation error detected: Value null at 'name' failed to satisfy constraint: /,
  },
]

for (const { claim, send, status = 400, type, message } of cases) {
  test(`${claim} is refused with ${status} ${type}`, async () => {
    const answer = await door.send(...send)
    const { __type, message: said, ...more } = JSON.parse(answer.body)
    assert.deepEqual({ status: answer.status, type: __type, more }, { status, type, more: {} })
    if (message) assert.match(said, message)
    else assert.equal(said, undefined)
    assert.equal(door.journal.find(answer.requestId)?.outcome, 'refused')
  })
}

test('an unsigned request is refused with 400 MissingAuthenticationTokenException', async () => {
  const { status, body } = await door.post({ 'X-Amz-Target': 'AmazonSSM.GetParameter' }, wanted)
  const refusal = { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' }
  assert.deepEqual([status, JSON.parse(body)], [400, refusal])
})

test('a parameter that is not there is refused without a message', async () => {
  const { status, body } = await door.send('AmazonSSM.GetParameter', '{"Name":"/app/none"}')
  assert.deepEqual([status, body], [400, '{"__type":"ParameterNotFound"}'])
})
