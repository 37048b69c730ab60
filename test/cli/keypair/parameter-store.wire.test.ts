import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommandFailure } from '../../../cli/command-failure.ts'
import { createSecretStore } from '../../../cli/keypair/parameter-store.ts'
import {
  type FakeResponse,
  getParameterResponse,
  type ReceivedRequest,
  ssmError,
  startFakeAws,
} from '../../shared/aws/fake-aws-server.ts'
import { serviceCredentials } from '../../shared/aws/retry-dependencies.ts'

const names = { privateKey: '/snowgate/dev/snowflake/private-key', passphrase: '/snowgate/dev/snowflake/passphrase' }
const kmsKeyArn = 'arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const value = 'PLANTEDsecret'

const storeAt = ({ endpoint }: { readonly endpoint: string }, more: { kmsKeyArn?: string } = {}) =>
  createSecretStore({ region: 'eu-central-1', endpoint, credentials: serviceCredentials }, { ...names, ...more })

const targetOf = ({ headers }: ReceivedRequest) => String(headers['x-amz-target']).replace('AmazonSSM.', '')
const stored: FakeResponse = { status: 200, body: '{"Tier":"Standard","Version":1}' }

test('a secret is written as a SecureString, under the key of the map, and never over another unless it is to be', async (t) => {
  const ssm = await startFakeAws(t, () => stored)
  await storeAt(ssm).create(names.passphrase, value)
  await storeAt(ssm, { kmsKeyArn }).replace(names.privateKey, value)
  assert.deepEqual(
    ssm.received.map(({ parameters }) => parameters),
    [
      { Name: names.passphrase, Value: value, Type: 'SecureString', Tier: 'Intelligent-Tiering', Overwrite: false },
      {
        Name: names.privateKey,
        Value: value,
        Type: 'SecureString',
        Tier: 'Intelligent-Tiering',
        Overwrite: true,
        KeyId: kmsKeyArn,
      },
    ],
  )
})

test('a write with a lost response is recognized by its value', async (t) => {
  const ssm = await startFakeAws(t, (received) => {
    if (received.number === 1) return { status: 500, body: '{}' } // written all the same
    return targetOf(received) === 'PutParameter'
      ? ssmError('ParameterAlreadyExists', 'The parameter already exists.')
      : getParameterResponse(received, value)
  })
  await storeAt(ssm).create(names.privateKey, value)
  assert.deepEqual(ssm.received.map(targetOf), ['PutParameter', 'PutParameter', 'GetParameter'])
})

test('a concurrent write is not overwritten', async (t) => {
  const ssm = await startFakeAws(t, (received) =>
    targetOf(received) === 'PutParameter'
      ? ssmError('ParameterAlreadyExists', 'The parameter already exists.')
      : getParameterResponse(received, 'of somebody else'),
  )
  await assert.rejects(storeAt(ssm).create(names.privateKey, value), /was created in the meantime. It was not changed/)
})

test('a missing parameter reads as undefined, and deleting it succeeds', async (t) => {
  const ssm = await startFakeAws(t, (received) =>
    ssmError(received.number === 2 ? 'ParameterVersionNotFound' : 'ParameterNotFound'),
  )
  const store = storeAt(ssm)
  assert.equal(await store.read(names.privateKey), undefined)
  assert.equal(await store.read(names.privateKey, 3), undefined)
  await store.remove(names.privateKey)
  assert.deepEqual(
    ssm.received.map(({ parameters }) => parameters['Name']),
    [names.privateKey, `${names.privateKey}:3`, names.privateKey],
  )
})

test('a parameter in plain text is no place for a key', async (t) => {
  const ssm = await startFakeAws(t, (received) => ({
    status: 200,
    body: getParameterResponse(received, value).body.replace('SecureString', 'String'),
  }))
  await assert.rejects(
    storeAt(ssm).read(names.privateKey),
    /has type String, .* in plain text\.\nUse another parameter/,
  )
})

const user = 'arn:aws:iam::111111111111:user/alice'
const denied = (action: string, resource: string) =>
  ssmError(
    'AccessDeniedException',
    `User: ${user} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  )
const arn = (name: string) => `arn:aws:ssm:eu-central-1:111111111111:parameter${name}`
const all = [names.passphrase, names.privateKey, `${names.privateKey}-next`].map(arn)

/** The response to PutParameter, the exit code, and the message. */
const rejections: readonly (readonly [what: string, answer: FakeResponse, exitCode: number, message: RegExp])[] = [
  [
    'not allowed to write',
    denied('ssm:PutParameter', arn(names.privateKey)),
    4,
    /^Parameter Store rejected the request\. AccessDeniedException: User: arn:aws:iam::111111111111:user\/alice is not authorized to perform: ssm:PutParameter/,
  ],
  [
    'a disabled KMS key',
    ssmError('InvalidKeyId', `${kmsKeyArn} is disabled.`),
    4,
    /InvalidKeyId: .*\nCheck that kmsKeyArn in access\.yml is an enabled key in this region\./,
  ],
  [
    'an expired session',
    ssmError('ExpiredTokenException', 'The security token included in the request is expired'),
    4,
    /\nThe session of the temporary keys has expired\./,
  ],
  [
    'unknown keys',
    ssmError('UnrecognizedClientException', 'The security token included in the request is invalid.'),
    4,
    /\nAWS does not know the access key/,
  ],
  [
    'a value in the message',
    ssmError('ValidationException', `1 validation error detected: Value '${value}' at 'value'`),
    4,
    /Value '…' at 'value'/,
  ],
  [
    'a server error',
    { status: 500, body: '{"__type":"InternalServerError","message":"An error occurred"}' },
    5,
    /InternalServerError: An error/,
  ],
]

test('a rejection has the message of AWS and a fix, and not the value', async (t) => {
  for (const [what, answer, exitCode, message] of rejections) {
    await t.test(what, async (t) => {
      const ssm = await startFakeAws(t, () => answer)
      await assert.rejects(storeAt(ssm).replace(names.privateKey, value), (error) => {
        assert.ok(error instanceof CommandFailure, String(error))
        assert.match(error.message, message)
        assert.equal(error.exitCode, exitCode)
        assert.doesNotMatch(error.message, /PLANTED|secret-of|token-of/)
        return true
      })
    })
  }
})

test('a malformed response is not printed', async (t) => {
  const ssm = await startFakeAws(t, (received) => {
    const { body } = getParameterResponse(received, value)
    return { status: 200, body: body.slice(0, body.indexOf(value) + value.length) }
  })
  await assert.rejects(storeAt(ssm).read(names.privateKey), (error) => {
    assert.ok(error instanceof CommandFailure, String(error))
    assert.match(error.message, /Cannot connect to Parameter Store in eu-central-1: the response is not JSON\n/)
    assert.doesNotMatch(error.message, /PLANTED/)
    return true
  })
})

test('a missing permission is reported with all required statements, those for the KMS key included', async (t) => {
  const ssm = await startFakeAws(t, () => denied('ssm:GetParameter', arn(names.passphrase)))
  const statements = async (more: { kmsKeyArn?: string }) => {
    const error: unknown = await storeAt(ssm, more)
      .read(names.passphrase)
      .catch((thrown: unknown) => thrown)
    assert.ok(error instanceof CommandFailure)
    return JSON.parse(error.message.slice(error.message.indexOf('[')))
  }
  const ofParameters = [
    { Effect: 'Allow', Action: ['ssm:GetParameter', 'ssm:PutParameter'], Resource: all },
    { Effect: 'Allow', Action: 'ssm:DeleteParameter', Resource: all[2] },
  ]
  assert.deepEqual(await statements({}), ofParameters)
  assert.deepEqual(await statements({ kmsKeyArn }), [
    ...ofParameters,
    { Effect: 'Allow', Action: ['kms:Encrypt', 'kms:Decrypt'], Resource: kmsKeyArn },
  ])
})

test('a failed connection is reported with the region and AWS_ENDPOINT_URL', async () => {
  const store = storeAt({ endpoint: 'http://127.0.0.1:9' })
  await assert.rejects(
    store.read(names.privateKey),
    /Cannot connect to Parameter Store in eu-central-1: .*ECONNREFUSED.*\n.*AWS_ENDPOINT_URL/,
  )
})
