import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CommandFailure } from '../../../cli/command-failure.ts'
import { openSecretStore } from '../../../cli/keypair/secret-store.ts'
import { loopbackAws, parameter, type Received, type Sent, ssmRefusal } from '../../shared/credentials/loopback-aws.ts'
import { ownKeys } from '../../shared/credentials/surroundings.ts'

const names = { privateKey: '/snowgate/dev/snowflake/private-key', passphrase: '/snowgate/dev/snowflake/passphrase' }
const kmsKeyArn = 'arn:aws:kms:eu-central-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const value = 'PLANTEDsecret'

const storeAt = ({ endpoint }: { readonly endpoint: string }, more: { kmsKeyArn?: string } = {}) =>
  openSecretStore({ region: 'eu-central-1', endpoint, credentials: ownKeys }, { ...names, ...more })

const targetOf = ({ headers }: Received) => String(headers['x-amz-target']).replace('AmazonSSM.', '')
const stored: Sent = { status: 200, body: '{"Tier":"Standard","Version":1}' }

test('a secret is written as a SecureString, under the key of the map, and never over another unless it is to be', async (t) => {
  const ssm = await loopbackAws(t, () => stored)
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

test('a write whose answer was lost is known by what it left', async (t) => {
  const ssm = await loopbackAws(t, (received) => {
    if (received.number === 1) return { status: 500, body: '{}' } // written all the same
    return targetOf(received) === 'PutParameter'
      ? ssmRefusal('ParameterAlreadyExists', 'The parameter already exists.')
      : parameter(received, value)
  })
  await storeAt(ssm).create(names.privateKey, value)
  assert.deepEqual(ssm.received.map(targetOf), ['PutParameter', 'PutParameter', 'GetParameter'])
})

test('what somebody else wrote meanwhile stays', async (t) => {
  const ssm = await loopbackAws(t, (received) =>
    targetOf(received) === 'PutParameter'
      ? ssmRefusal('ParameterAlreadyExists', 'The parameter already exists.')
      : parameter(received, 'of somebody else'),
  )
  await assert.rejects(storeAt(ssm).create(names.privateKey, value), /was created in the meantime. It was not changed/)
})

test('what is not there is read as nothing, and deleted without a fault', async (t) => {
  const ssm = await loopbackAws(t, (received) =>
    ssmRefusal(received.number === 2 ? 'ParameterVersionNotFound' : 'ParameterNotFound'),
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
  const ssm = await loopbackAws(t, (received) => ({
    status: 200,
    body: parameter(received, value).body.replace('SecureString', 'String'),
  }))
  await assert.rejects(
    storeAt(ssm).read(names.privateKey),
    /has type String, .* in plain text\.\nUse another parameter/,
  )
})

const user = 'arn:aws:iam::111111111111:user/alice'
const denied = (action: string, resource: string) =>
  ssmRefusal(
    'AccessDeniedException',
    `User: ${user} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  )
const arn = (name: string) => `arn:aws:ssm:eu-central-1:111111111111:parameter${name}`
const all = [names.passphrase, names.privateKey, `${names.privateKey}-next`].map(arn)

/** What SSM answers to PutParameter, the exit code, and what is said. */
const refusals: readonly (readonly [what: string, answer: Sent, exitCode: number, says: RegExp])[] = [
  [
    'not allowed to write',
    denied('ssm:PutParameter', arn(names.privateKey)),
    4,
    /^Parameter Store refused: AccessDeniedException: User: arn:aws:iam::111111111111:user\/alice is not authorized to perform: ssm:PutParameter/,
  ],
  [
    'the key is not there',
    ssmRefusal('InvalidKeyId', `${kmsKeyArn} is disabled.`),
    4,
    /InvalidKeyId: .*\nCheck that kmsKeyArn in access\.yml is an enabled key in this region\./,
  ],
  [
    'the session is over',
    ssmRefusal('ExpiredTokenException', 'The security token included in the request is expired'),
    4,
    /\nThe session of the temporary keys has expired\./,
  ],
  [
    'unknown keys',
    ssmRefusal('UnrecognizedClientException', 'The security token included in the request is invalid.'),
    4,
    /\nAWS does not know the access key/,
  ],
  [
    'a value in the words',
    ssmRefusal('ValidationException', `1 validation error detected: Value '${value}' at 'value'`),
    4,
    /Value '…' at 'value'/,
  ],
  [
    'broken',
    { status: 500, body: '{"__type":"InternalServerError","message":"An error occurred"}' },
    5,
    /InternalServerError: An error/,
  ],
]

test('each refusal is told in the words of AWS, with what to do, and without the value', async (t) => {
  for (const [what, answer, exitCode, says] of refusals) {
    await t.test(what, async (t) => {
      const ssm = await loopbackAws(t, () => answer)
      await assert.rejects(storeAt(ssm).replace(names.privateKey, value), (error) => {
        assert.ok(error instanceof CommandFailure, String(error))
        assert.match(error.message, says)
        assert.equal(error.exitCode, exitCode)
        assert.doesNotMatch(error.message, /PLANTED|secret-of|token-of/)
        return true
      })
    })
  }
})

test('an answer that cannot be read is not repeated', async (t) => {
  const ssm = await loopbackAws(t, (received) => {
    const { body } = parameter(received, value)
    return { status: 200, body: body.slice(0, body.indexOf(value) + value.length) }
  })
  await assert.rejects(storeAt(ssm).read(names.privateKey), (error) => {
    assert.ok(error instanceof CommandFailure, String(error))
    assert.match(error.message, /could not be reached: the response is not JSON\n/)
    assert.doesNotMatch(error.message, /PLANTED/)
    return true
  })
})

test('whoever is not allowed gets all the statements at once, those for the key of KMS among them', async (t) => {
  const ssm = await loopbackAws(t, () => denied('ssm:GetParameter', arn(names.passphrase)))
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

test('nobody listens: the region and the variable that may be left over are named', async () => {
  const store = storeAt({ endpoint: 'http://127.0.0.1:9' })
  await assert.rejects(
    store.read(names.privateKey),
    /in eu-central-1 could not be reached: .*ECONNREFUSED.*\n.*AWS_ENDPOINT_URL/,
  )
})
