import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startSsmServer } from './ssm-server.ts'

/** What no client of Parameter Store's own can send. */

let ssm: Awaited<ReturnType<typeof startSsmServer>>
before(async () => {
  ssm = await startSsmServer()
})
after(() => ssm.stop())

type SsmRequest = Parameters<Awaited<ReturnType<typeof startSsmServer>>['send']>
const getParameterBody = '{"Name":"/app/key"}'
const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000)

interface RejectionCase {
  readonly claim: string
  readonly send: SsmRequest
  readonly status?: number
  readonly type: string
  readonly message?: RegExp
}

const cases: readonly RejectionCase[] = [
  {
    claim: 'a wrong secret',
    send: ['AmazonSSM.GetParameter', getParameterBody, { secretAccessKey: 'x' }],
    type: 'InvalidSignatureException',
    message: /^The request signature we calculated does not match the signature you provided\. [^\n]+ for details\.$/,
  },
  {
    claim: 'an unknown key',
    send: ['AmazonSSM.GetParameter', getParameterBody, { accessKeyId: 'ASIANOBODY' }],
    type: 'UnrecognizedClientException',
    message: /^The security token included in the request is invalid\.$/,
  },
  {
    claim: 'a clock six minutes behind',
    send: ['AmazonSSM.GetParameter', getParameterBody, { date: minutesFromNow(-6) }],
    type: 'InvalidSignatureException',
    message: /^Signature expired: .* - 5 min\.\)$/,
  },
  {
    claim: 'a signature for another service',
    send: ['AmazonSSM.GetParameter', getParameterBody, { service: 'secretsmanager' }],
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
  { claim: 'an operation of no service', send: ['Nothing.AtAll', '{}'], type: 'UnknownOperationException' },
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
  test(`${claim} is rejected with ${status} ${type}`, async () => {
    const answer = await ssm.send(...send)
    const { __type, message: responseMessage, ...more } = JSON.parse(answer.body)
    assert.deepEqual({ status: answer.status, type: __type, more }, { status, type, more: {} })
    if (message) assert.match(responseMessage, message)
    else assert.equal(responseMessage, undefined)
    assert.equal(ssm.journal.find(answer.requestId)?.outcome, 'rejected')
  })
}

test('an unsigned request is rejected with 400 MissingAuthenticationTokenException', async () => {
  const { status, body } = await ssm.post({ 'X-Amz-Target': 'AmazonSSM.GetParameter' }, getParameterBody)
  const rejection = { __type: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' }
  assert.deepEqual([status, JSON.parse(body)], [400, rejection])
})

test('a parameter that is not there is rejected without a message', async () => {
  const { status, body } = await ssm.send('AmazonSSM.GetParameter', '{"Name":"/app/none"}')
  assert.deepEqual([status, body], [400, '{"__type":"ParameterNotFound"}'])
})
