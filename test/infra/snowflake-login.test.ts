import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { derive } from '../../infra/derived.ts'
import { AccessMapError, parseAccessMap, stageOf } from '../../shared/access/index.ts'
import { compile } from './compile.ts'
import { leaves, propertiesOf, readTemplate, type Template } from './template.ts'

const maps = 'test/infra/maps.yml'
const image = '111111111111.dkr.ecr.eu-central-1.amazonaws.com/snowgate/probe:1'
let keyed: Template
let tokened: Template
before(async () => {
  keyed = await readTemplate(await compile({ stage: 'keyed', accessMap: maps, probeImage: image }))
  tokened = await readTemplate(await compile({ stage: 'tokened', accessMap: maps }))
})

interface Policy {
  readonly PolicyName: string
  readonly PolicyDocument: { readonly Statement: readonly Readonly<Record<string, unknown>>[] }
}

const statementsOf = (template: Template, roleId: string) => {
  const policies = (propertiesOf(template, roleId)['Policies'] ?? []) as readonly Policy[] // as execution-roles.ts makes them
  return Object.fromEntries(policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument.Statement]))
}

const parameter = (name: string) => ({
  'Fn::Sub': `arn:\${AWS::Partition}:ssm:\${AWS::Region}:\${AWS::AccountId}:parameter/snowgate/keyed/snowflake/${name}`,
})
const both = [parameter('private-key'), parameter('passphrase')]

test('by key pair the function may read its two parameters, and decrypt nothing but them', () => {
  assert.deepEqual(statementsOf(keyed, 'SnowflakeDashprobeExecutionRole')['snowflake'], [
    { Sid: 'ReadKeyPair', Effect: 'Allow', Action: 'ssm:GetParameter', Resource: both },
    {
      Sid: 'DecryptKeyPair',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: 'arn:aws:kms:eu-central-1:111111111111:key/0a1b2c3d-0000-4000-8000-0123456789ab',
      Condition: {
        StringEquals: {
          'kms:ViaService': { 'Fn::Sub': 'ssm.${AWS::Region}.amazonaws.com' },
          'kms:EncryptionContext:PARAMETER_ARN': both,
        },
      },
    },
  ])
})

const derived = (snowflake: string, probeImage = '') => {
  const map = `dev:
  callers: { one: { principals: ["arn:aws:iam::222222222222:role/One"], routes: [POST /snowflake-probe, POST /hello] } }
${snowflake}`
  return derive('dev', stageOf(parseAccessMap(map), 'dev'), 'eu-central-1', probeImage)
}

const policiesOf = (given: ReturnType<typeof derived>, roleId: string) =>
  (given.resources.Resources[roleId] as { Properties: { Policies: readonly Policy[] } }).Properties.Policies.map(
    ({ PolicyName }) => PolicyName,
  )

test('by workload identity the role is the login: it may write its log, and nothing else', () => {
  const given = derived('  snowflake: { account: a-b, login: workload-identity }')
  assert.deepEqual(policiesOf(given, 'SnowflakeDashprobeExecutionRole'), ['log'])
  assert.deepEqual(policiesOf(given, 'HelloExecutionRole'), ['log'])
})

test('for a token the function may ask STS, for the audience of Snowflake alone', () => {
  assert.deepEqual(statementsOf(tokened, 'SnowflakeDashprobeExecutionRole')['snowflake'], [
    {
      Sid: 'TokenForSnowflake',
      Effect: 'Allow',
      Action: 'sts:GetWebIdentityToken',
      Resource: '*',
      Condition: { 'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': ['snowflakecomputing.com'] } },
    },
  ])
})

test('of roles to impersonate the function may assume the first', () => {
  const given = derived(
    '  snowflake: { account: a-b, login: workload-identity, impersonate: ["arn:aws:iam::333333333333:role/A", "arn:aws:iam::333333333333:role/B"] }',
  )
  const role = given.resources.Resources['SnowflakeDashprobeExecutionRole']
  assert.deepEqual(
    leaves(role)
      .map(({ value }) => String(value))
      .filter((value) => value.includes(':role/')),
    ['arn:aws:iam::333333333333:role/A'],
  )
})

test('the task gets its secrets from Parameter Store, and what starts it may read them and nothing else', () => {
  const { ContainerDefinitions, TaskRoleArn, ExecutionRoleArn } = propertiesOf(keyed, 'SnowflakeProbeTask') as {
    ContainerDefinitions: readonly Readonly<Record<string, unknown>>[]
    TaskRoleArn: unknown
    ExecutionRoleArn: unknown
  }
  const [container] = ContainerDefinitions
  assert.deepEqual(container?.['Secrets'], [
    { Name: 'SECRET_KEY', ValueFrom: parameter('private-key') },
    { Name: 'PRIVATE_KEY_PASSPHRASE', ValueFrom: parameter('passphrase') },
  ])
  assert.deepEqual([container?.['User'], container?.['ReadonlyRootFilesystem']], ['65532', true])
  assert.deepEqual(TaskRoleArn, { 'Fn::GetAtt': ['SnowflakeProbeTaskRole', 'Arn'] })
  assert.deepEqual(ExecutionRoleArn, { 'Fn::GetAtt': ['SnowflakeProbeTaskStartRole', 'Arn'] })
  assert.equal(propertiesOf(keyed, 'SnowflakeProbeTaskRole')['Policies'], undefined)
  const start = statementsOf(keyed, 'SnowflakeProbeTaskStartRole')['start'] ?? []
  assert.deepEqual(
    start.map(({ Action, Resource }) => [Action, Resource]),
    [
      ['ssm:GetParameters', both],
      ['kms:Decrypt', 'arn:aws:kms:eu-central-1:111111111111:key/0a1b2c3d-0000-4000-8000-0123456789ab'],
      [['logs:CreateLogStream', 'logs:PutLogEvents'], { 'Fn::GetAtt': ['SnowflakeProbeTaskLog', 'Arn'] }],
      ['ecr:GetAuthorizationToken', '*'],
      [
        ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        { 'Fn::Sub': 'arn:${AWS::Partition}:ecr:eu-central-1:111111111111:repository/snowgate/probe' },
      ],
    ],
  )
})

test('without an image there is no task, and no role of one', () => {
  const { Resources } = derived('  snowflake: { account: a-b, login: key-pair }').resources
  assert.deepEqual(
    Object.keys(Resources).filter((id) => id.includes('Task')),
    [],
  )
})

test('an image of another registry needs nothing of ECR', () => {
  const { Resources } = derived('  snowflake: { account: a-b, login: key-pair }', 'ghcr.io/example/probe:1').resources
  assert.doesNotMatch(JSON.stringify(Resources['SnowflakeProbeTaskStartRole']), /ecr:|"\*"/)
})

const refused = [
  {
    what: 'a caller of /snowflake-probe in a stage without snowflake',
    given: () => derived(''),
    says: 'the caller one may call /snowflake-probe, and there is no Snowflake to log in to: write snowflake, with account and login, beside callers',
  },
  {
    what: 'a task that would log in by workload identity',
    given: () => derived('  snowflake: { account: a-b, login: workload-identity }', image),
    says: 'probe-image requires a key-pair login: write login: key-pair under snowflake of the stage dev, or omit the parameter',
  },
]

for (const { what, given, says } of refused) {
  test(`${what} is refused when the template is compiled`, () => {
    assert.throws(given, (error) => {
      assert.ok(error instanceof AccessMapError)
      assert.equal(error.message, says)
      return true
    })
  })
}
