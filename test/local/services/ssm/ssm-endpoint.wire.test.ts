import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  DeleteParameterCommand,
  GetParameterCommand,
  type GetParameterCommandInput,
  GetParametersCommand,
  PutParameterCommand,
  type PutParameterCommandInput,
  SSMServiceException,
} from '@aws-sdk/client-ssm'
import { disabledKey, managedKmsKey, ownKey, parameterArn, type SessionName, startSsmServer } from './ssm-server.ts'

/** Parameter Store as the SDK's own client meets it. */

let ssm: Awaited<ReturnType<typeof startSsmServer>>
before(async () => {
  ssm = await startSsmServer()
})
after(() => ssm.stop())

const get = async (as: SessionName, input: GetParameterCommandInput) =>
  (await ssm.client(as).send(new GetParameterCommand(input))).Parameter

const readCases: readonly {
  claim: string
  as: SessionName
  input: GetParameterCommandInput
  name?: string
  version?: number
  value: string
}[] = [
  { claim: 'the newest version of a name', as: 'reader', input: { Name: '/app/key' }, version: 2, value: 'second' },
  { claim: 'a version', as: 'reader', input: { Name: '/app/key:1' }, value: 'first' },
  {
    claim: 'the version of an ARN',
    as: 'reader',
    input: { Name: `${parameterArn('app/key')}:1` },
    name: '/app/key',
    value: 'first',
  },
  {
    claim: 'a list, which decryption leaves alone',
    as: 'reader',
    input: { Name: '/app/list', WithDecryption: true },
    value: 'a,b',
  },
  { claim: 'a name without a slash', as: 'top', input: { Name: 'top' }, value: 'no slash' },
  {
    claim: 'the ARN of a name without a slash',
    as: 'top',
    input: { Name: parameterArn('top') },
    name: 'top',
    value: 'no slash',
  },
  {
    claim: 'a secret under the AWS-managed key, without any permission at KMS',
    as: 'reader',
    input: { Name: '/app/secret', WithDecryption: true },
    value: 'managed secret',
  },
  {
    claim: 'a secret under a key of one’s own, with kms:Decrypt',
    as: 'decrypter',
    input: { Name: '/app/own', WithDecryption: true },
    value: 'own secret',
  },
  {
    claim: 'a secret under a key of another account, which both accounts allow',
    as: 'borrower',
    input: { Name: '/app/lent', WithDecryption: true },
    value: 'lent secret',
  },
  {
    claim: 'a secret under a key that may be used through SSM for this parameter alone',
    as: 'bound',
    input: { Name: '/app/own', WithDecryption: true },
    value: 'own secret',
  },
]

for (const { claim, as, input, name = input.Name?.replace(/:\d$/, ''), version = 1, value } of readCases) {
  test(`${as} is given ${claim}`, async () => {
    const parameter = await get(as, input)
    assert.deepEqual(
      { name: parameter?.Name, arn: parameter?.ARN, value: parameter?.Value, version: parameter?.Version },
      { name, arn: parameterArn(name?.replace(/^\//, '') ?? ''), value, version },
    )
    assert.equal(parameter?.DataType, 'text')
    assert.ok(Math.abs(Date.now() - (parameter?.LastModifiedDate?.getTime() ?? 0)) < 60_000)
    assert.equal(parameter?.Selector !== undefined, /:\d$/.test(input.Name ?? ''))
  })
}

test('a secret without WithDecryption is ciphertext, whatever its key, the same each time', async () => {
  for (const Name of ['/app/secret', '/app/own', '/app/disabled']) {
    const { Value = '', Type } = (await get('reader', { Name })) ?? {}
    assert.equal(Type, 'SecureString')
    assert.match(Value, /^[A-Za-z0-9+/]+=*$/)
    assert.ok(!Buffer.from(Value, 'base64').toString().includes('secret'))
    assert.equal((await get('reader', { Name, WithDecryption: false }))?.Value, Value)
  }
})

test('GetParameters sorts what it found and lists what it did not', async () => {
  const { Parameters, InvalidParameters } = await ssm.client('decrypter').send(
    new GetParametersCommand({
      Names: ['/app/own', '/app/none', '/app/key:9', '/app/key:1'],
      WithDecryption: true,
    }),
  )
  assert.deepEqual(
    Parameters?.map(({ Name, Value }) => [Name, Value]),
    [
      ['/app/key', 'first'],
      ['/app/own', 'own secret'],
    ],
  )
  assert.deepEqual(InvalidParameters, ['/app/none', '/app/key:9'])
})

const put = (input: Partial<PutParameterCommandInput>, as: SessionName = 'admin') =>
  ssm.client(as).send(new PutParameterCommand({ Name: '/put', Value: 'v', Type: 'String', ...input }))

test('what is put is got, a second version over the first, and nothing once it is deleted', async () => {
  const key = { Name: '/put/key', Type: 'SecureString', KeyId: 'alias/snowflake' } as const
  const first = await put({ ...key, Value: 'one' })
  assert.deepEqual([first.Version, first.Tier], [1, 'Standard'])
  assert.equal((await put({ ...key, Value: 'two', Overwrite: true })).Version, 2)
  assert.equal((await get('admin', { Name: '/put/key', WithDecryption: true }))?.Value, 'two')
  await ssm.client('admin').send(new DeleteParameterCommand({ Name: '/put/key' }))
  await assert.rejects(get('admin', { Name: '/put/key' }), { name: 'ParameterNotFound' })
})

for (const [KeyId, how] of [
  [ownKey.arn, 'ARN'],
  ['1234abcd-12ab-34cd-56ef-1234567890ab', 'id'],
  ['arn:aws:kms:eu-central-1:111111111111:alias/snowflake', 'alias ARN'],
] as const) {
  test(`a key is found by its ${how}`, async () => {
    const Name = `/app/by-${how.replace(' ', '-')}`
    await put({ Name, Type: 'SecureString', KeyId })
    await assert.rejects(get('reader', { Name, WithDecryption: true }), { name: 'AccessDeniedException' })
    assert.equal((await get('decrypter', { Name, WithDecryption: true }))?.Value, 'v')
  })
}

for (const KeyId of [
  undefined,
  'alias/aws/ssm',
  'arn:aws:kms:eu-central-1:111111111111:alias/aws/ssm',
  managedKmsKey.arn,
  managedKmsKey.arn.split('/').at(-1),
]) {
  test(`a secret under ${KeyId ?? 'no key that is named'} is read without any permission at KMS`, async () => {
    const Name = `/app/managed-${KeyId?.length ?? 0}`
    await put({ Name, Type: 'SecureString', ...(KeyId !== undefined && { KeyId }) }, 'writer')
    assert.equal((await get('reader', { Name, WithDecryption: true }))?.Value, 'v')
  })
}

test('with kms:Encrypt for one parameter alone, that one is written under the key', async () => {
  const { Version } = await put({ Name: '/put/sealed', Type: 'SecureString', KeyId: ownKey.arn }, 'sealer')
  assert.equal(Version, 1)
})

for (const [Tier, length, outcome] of [
  ['Standard', 4_096, 'Standard'],
  ['Advanced', 4_096, 'Advanced'],
  ['Advanced', 8_192, 'Advanced'],
  ['Intelligent-Tiering', 4_096, 'Standard'],
  ['Intelligent-Tiering', 4_097, 'Advanced'],
] as const) {
  test(`${length} characters go into the tier ${outcome} when ${Tier} is requested`, async () => {
    const { Tier: tier } = await put({ Name: `/put/${Tier}-${length}`, Value: 'x'.repeat(length), Tier })
    assert.equal(tier, outcome)
  })
}

const denied = (
  as: SessionName,
  action: string,
  path: string,
  why = `because no identity-based policy allows the ${action} action`,
) =>
  `User: arn:aws:sts::111111111111:assumed-role/${as}/session is not authorized to perform: ${action} on resource: ${parameterArn(path)} ${why}`

/** Of KMS, when it is asked to seal. */
const keyUseDenied = (as: SessionName, action: string) =>
  new RegExp(
    `^User: arn:aws:sts::111111111111:assumed-role/${as}/session is not authorized to perform: ${action} on resource: ${ownKey.arn} because no identity-based policy allows the ${action} action \\(Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: [0-9a-f-]{36}\\)$`,
  )

const keyDenied =
  /^The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access\. \(Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: [0-9a-f-]{36}\)$/

interface RejectionCase {
  readonly claim: string
  readonly as?: SessionName
  readonly call: (as: SessionName) => Promise<unknown>
  readonly status?: number
  readonly type: string
  readonly message: string | RegExp
  /** What the journal must name as failed, and how. */
  readonly reason: RegExp
}

const getting =
  (input: GetParameterCommandInput): RejectionCase['call'] =>
  (as) =>
    get(as, input)
const gettingAll =
  (...Names: string[]): RejectionCase['call'] =>
  (as) =>
    ssm.client(as).send(new GetParametersCommand({ Names, WithDecryption: true }))
const putting =
  (input: Partial<PutParameterCommandInput>): RejectionCase['call'] =>
  (as) =>
    put(input, as)
const constraint = (value: string, member: string) =>
  new RegExp(`^1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: `)

const cases: readonly RejectionCase[] = [
  {
    claim: 'a parameter that is not there',
    call: getting({ Name: '/app/none' }),
    type: 'ParameterNotFound',
    message: 'UnknownError', // SSM sends none; this is the SDK's word for it
    reason: /no parameter \/app\/none/,
  },
  {
    claim: 'deleting a parameter that is not there',
    call: () => ssm.client('admin').send(new DeleteParameterCommand({ Name: '/app/none' })),
    type: 'ParameterNotFound',
    message: 'UnknownError',
    reason: /no parameter \/app\/none/,
  },
  {
    claim: 'a version that is not there',
    call: getting({ Name: '/app/key:3' }),
    type: 'ParameterVersionNotFound',
    message: 'Systems Manager could not find version 3 of /app/key. Verify the version and try again.',
    reason: /no version 3/,
  },
  {
    claim: 'a label, which is not supported',
    call: getting({ Name: '/app/key:newest' }),
    status: 501,
    type: 'LocalUnsupported',
    message: /^The local stack does not imitate labels of parameter versions\. /,
    reason: /newest is a label/,
  },
  {
    claim: 'a parameter of another account',
    call: getting({ Name: parameterArn('app/key').replace('111111111111', '222222222222') }),
    status: 501,
    type: 'LocalUnsupported',
    message: /^The local stack does not imitate parameters of other accounts and regions\. /,
    reason: /not of this account/,
  },
  {
    claim: 'an empty name',
    call: getting({ Name: '' }),
    type: 'ValidationException',
    message: constraint("''", 'name'),
    reason: /greater than or equal to 1/,
  },
  {
    claim: 'a name of 2,049 characters',
    call: getting({ Name: 'x'.repeat(2_049) }),
    type: 'ValidationException',
    message: constraint("'x{2049}'", 'name'),
    reason: /2048/,
  },
  {
    claim: 'no names',
    call: gettingAll(),
    type: 'ValidationException',
    message: constraint("'\\[\\]'", 'names'),
    reason: /greater than or equal to 1/,
  },
  {
    claim: 'eleven names',
    call: gettingAll(...'abcdefghijk'),
    type: 'ValidationException',
    message: constraint("'\\[a, .*, k\\]'", 'names'),
    reason: /less than or equal to 10/,
  },
  {
    claim: 'a name twice',
    call: gettingAll('/app/key', '/app/key'),
    type: 'ValidationException',
    message: constraint("'\\[/app/key, /app/key\\]'", 'names'),
    reason: /twice/,
  },
  {
    claim: 'a parameter outside the policy',
    as: 'reader',
    call: getting({ Name: 'top' }),
    type: 'AccessDeniedException',
    message: denied('reader', 'ssm:GetParameter', 'top'),
    reason: /arn:aws:ssm:eu-central-1:111111111111:parameter\/top/,
  },
  {
    claim: 'an unknown parameter outside the policy, like one that is there',
    as: 'reader',
    call: getting({ Name: '/none' }),
    type: 'AccessDeniedException',
    message: denied('reader', 'ssm:GetParameter', 'none'),
    reason: /parameter\/none/,
  },
  {
    claim: 'GetParameters for who may only GetParameter',
    as: 'single',
    call: gettingAll('/app/key'),
    type: 'AccessDeniedException',
    message: denied('single', 'ssm:GetParameters', 'app/key'),
    reason: /ssm:GetParameter/,
  },
  {
    claim: 'GetParameters with one name outside the policy',
    as: 'reader',
    call: gettingAll('/app/key', 'top'),
    type: 'AccessDeniedException',
    message: denied('reader', 'ssm:GetParameters', 'top'),
    reason: /parameter\/top/,
  },
  {
    claim: 'a parameter that a statement denies',
    as: 'denied',
    call: getting({ Name: '/app/secret', WithDecryption: true }),
    type: 'AccessDeniedException',
    message: denied('denied', 'ssm:GetParameter', 'app/secret', 'with an explicit deny in an identity-based policy'),
    reason: /^denies/,
  },
  {
    claim: 'a secret under a key of one’s own, without kms:Decrypt',
    as: 'reader',
    call: getting({ Name: '/app/own', WithDecryption: true }),
    type: 'AccessDeniedException',
    message: keyDenied,
    reason: /kms:Decrypt|no statement allows it/,
  },
  {
    claim: 'such a secret among several',
    as: 'reader',
    call: gettingAll('/app/key', '/app/own'),
    type: 'AccessDeniedException',
    message: keyDenied,
    reason: /kms:Decrypt|no statement allows it/,
  },
  {
    claim: 'a secret under a key that may be used for another parameter alone',
    as: 'elsewhere',
    call: getting({ Name: '/app/own', WithDecryption: true }),
    type: 'AccessDeniedException',
    message: keyDenied,
    reason: /PARAMETER_ARN/i,
  },
  {
    claim: 'a secret under the key that AWS manages, to a caller that may decrypt nothing',
    as: 'keyless',
    call: getting({ Name: '/app/secret', WithDecryption: true }),
    type: 'AccessDeniedException',
    message: keyDenied,
    reason: /^denies/,
  },
  {
    claim: 'a secret under a key of another account, without kms:Decrypt',
    as: 'reader',
    call: getting({ Name: '/app/lent', WithDecryption: true }),
    type: 'AccessDeniedException',
    message: keyDenied,
    reason: /kms:Decrypt|no statement allows it/,
  },
  {
    claim: 'a new secret under a key of one’s own, without kms:Encrypt',
    as: 'writer',
    call: putting({ Type: 'SecureString', KeyId: ownKey.arn }),
    type: 'AccessDeniedException',
    message: keyUseDenied('writer', 'kms:Encrypt'),
    reason: /kms:Encrypt|no statement allows it/,
  },
  {
    claim: 'another secret than the one that the key may be used for',
    as: 'sealer',
    call: putting({ Name: '/put/other', Type: 'SecureString', KeyId: ownKey.arn }),
    type: 'AccessDeniedException',
    message: keyUseDenied('sealer', 'kms:Encrypt'),
    reason: /PARAMETER_ARN/i,
  },
  {
    claim: 'a secret of the advanced tier with kms:Encrypt, and without kms:GenerateDataKey',
    as: 'sealer',
    call: putting({ Name: '/put/sealed', Type: 'SecureString', KeyId: ownKey.arn, Tier: 'Advanced', Overwrite: true }),
    type: 'AccessDeniedException',
    message: keyUseDenied('sealer', 'kms:GenerateDataKey'),
    reason: /kms:Encrypt|no statement allows it/,
  },
  {
    claim: 'a new secret under a disabled key',
    call: putting({ Type: 'SecureString', KeyId: disabledKey.arn }),
    type: 'InvalidKeyId',
    message: `${disabledKey.arn} is disabled.`,
    reason: /disabled/,
  },
  {
    claim: 'a secret under a disabled key',
    call: getting({ Name: '/app/disabled', WithDecryption: true }),
    type: 'InvalidKeyId',
    message: `${disabledKey.arn} is disabled.`,
    reason: /disabled/,
  },
  {
    claim: 'a new secret under an unknown key',
    call: putting({ Type: 'SecureString', KeyId: 'alias/none' }),
    type: 'InvalidKeyId',
    message: 'alias/none is not found.',
    reason: /not found/,
  },
  {
    claim: 'a key for what is no secret',
    call: putting({ KeyId: 'alias/snowflake' }),
    type: 'ValidationException',
    message: 'KeyId is for a SecureString.',
    reason: /SecureString/,
  },
  {
    claim: 'a second value without Overwrite',
    call: putting({ Name: '/app/key' }),
    type: 'ParameterAlreadyExists',
    message: 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    reason: /\/app\/key is there/,
  },
  {
    claim: '4,097 characters in the standard tier',
    call: putting({ Value: 'x'.repeat(4_097) }),
    type: 'ValidationException',
    message: /^Standard tier parameters support a maximum parameter value of 4096 characters\. /,
    reason: /4096/,
  },
  {
    claim: '8,193 characters in the advanced tier',
    call: putting({ Value: 'x'.repeat(8_193), Tier: 'Advanced' }),
    type: 'ValidationException',
    message: /8192/,
    reason: /8192/,
  },
  {
    claim: 'a name with a blank',
    call: putting({ Name: '/my key' }),
    type: 'ValidationException',
    message: /^Parameter name: can't be prefixed with "ssm" \(case-insensitive\)\. /,
    reason: /Parameter name/,
  },
  {
    claim: 'tags, which no later request would see',
    call: putting({ Tags: [{ Key: 'a', Value: 'b' }] }),
    status: 501,
    type: 'LocalUnsupported',
    message: /^The local stack does not imitate Tags of PutParameter\. /,
    reason: /Tags/,
  },
]

for (const { claim, as = 'admin', call, status = 400, type, message, reason: because } of cases) {
  test(`${claim} is rejected with ${status} ${type}`, async () => {
    const error = await call(as).then(
      () => assert.fail('it was let in'),
      (thrown: unknown) => thrown,
    )
    assert.ok(error instanceof SSMServiceException, String(error))
    const shown = { status: error.$metadata.httpStatusCode, type: error.name }
    assert.deepEqual(shown, { status, type })
    if (typeof message === 'string') assert.equal(error.message, message)
    else assert.match(error.message, message)

    const entry = ssm.journal.find(error.$metadata.requestId ?? '')
    assert.deepEqual([entry?.outcome, entry?.service, entry?.status], ['rejected', 'ssm', status])
    const reasons = entry?.steps.filter(({ outcome }) => outcome !== 'passed').map((step) => step.reason) ?? []
    assert.ok(
      reasons.some((reason) => because.test(reason)),
      JSON.stringify(reasons),
    )
  })
}

test('no value stands in the log or in the journal', () => {
  const log = ssm.log.join('\n')
  assert.ok(log.length > 0)
  for (const value of ['own secret', 'managed secret', 'lost secret', 'secret of ', 'token of ']) {
    assert.ok(!log.includes(value), value)
  }
})
