import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { deriveTemplate } from '../../../infra/template/derive-template.ts'
import { AccessMapError, parseAccessMap, stageOf } from '../../../shared/access/index.ts'
import { compile } from '../compile.ts'
import { leaves, propertiesOf, readTemplate, type Template } from './compiled-template.ts'

const maps = 'test/infra/template/maps.yml'
const image = '111111111111.dkr.ecr.eu-central-1.amazonaws.com/snowgate/probe:1'
let keyPairTemplate: Template
let tokenTemplate: Template
before(async () => {
  keyPairTemplate = await readTemplate(await compile({ stage: 'keyed', accessMap: maps, probeImage: image }))
  tokenTemplate = await readTemplate(await compile({ stage: 'tokened', accessMap: maps }))
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
const bothParameters = [parameter('private-key'), parameter('passphrase')]

test('with a key pair the function may only read and decrypt its two parameters', () => {
  assert.deepEqual(statementsOf(keyPairTemplate, 'SnowflakeDashprobeExecutionRole')['snowflake'], [
    { Sid: 'ReadKeyPair', Effect: 'Allow', Action: 'ssm:GetParameter', Resource: bothParameters },
    {
      Sid: 'DecryptKeyPair',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: 'arn:aws:kms:eu-central-1:111111111111:key/0a1b2c3d-0000-4000-8000-0123456789ab',
      Condition: {
        StringEquals: {
          'kms:ViaService': { 'Fn::Sub': 'ssm.${AWS::Region}.amazonaws.com' },
          'kms:EncryptionContext:PARAMETER_ARN': bothParameters,
        },
      },
    },
  ])
})

const derived = (snowflake: string, probeImage = '') => {
  const map = `dev:
  callers: { one: { principals: ["arn:aws:iam::222222222222:role/One"], routes: [POST /snowflake-probe, POST /hello] } }
${snowflake}`
  return deriveTemplate('dev', stageOf(parseAccessMap(map), 'dev'), 'eu-central-1', probeImage)
}

const policiesOf = (template: ReturnType<typeof derived>, roleId: string) =>
  (template.resources.Resources[roleId] as { Properties: { Policies: readonly Policy[] } }).Properties.Policies.map(
    ({ PolicyName }) => PolicyName,
  )

test('with workload identity the role is the login, and may only write its log', () => {
  const template = derived('  snowflake: { account: a-b, login: workload-identity }')
  assert.deepEqual(policiesOf(template, 'SnowflakeDashprobeExecutionRole'), ['log'])
  assert.deepEqual(policiesOf(template, 'HelloExecutionRole'), ['log'])
})

test('for a web identity token the function may call STS, only with Snowflake as the audience', () => {
  assert.deepEqual(statementsOf(tokenTemplate, 'SnowflakeDashprobeExecutionRole')['snowflake'], [
    {
      Sid: 'GetTokenForSnowflake',
      Effect: 'Allow',
      Action: 'sts:GetWebIdentityToken',
      Resource: '*',
      Condition: { 'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': ['snowflakecomputing.com'] } },
    },
  ])
})

test('the function may assume only the first of the roles to impersonate', () => {
  const template = derived(
    '  snowflake: { account: a-b, login: workload-identity, impersonate: ["arn:aws:iam::333333333333:role/A", "arn:aws:iam::333333333333:role/B"] }',
  )
  const role = template.resources.Resources['SnowflakeDashprobeExecutionRole']
  assert.deepEqual(
    leaves(role)
      .map(({ value }) => String(value))
      .filter((value) => value.includes(':role/')),
    ['arn:aws:iam::333333333333:role/A'],
  )
})

test('the task gets its secrets from Parameter Store, and its execution role may only read them', () => {
  const { ContainerDefinitions, TaskRoleArn, ExecutionRoleArn } = propertiesOf(
    keyPairTemplate,
    'SnowflakeProbeTask',
  ) as {
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
  assert.equal(propertiesOf(keyPairTemplate, 'SnowflakeProbeTaskRole')['Policies'], undefined)
  const start = statementsOf(keyPairTemplate, 'SnowflakeProbeTaskStartRole')['start'] ?? []
  assert.deepEqual(
    start.map(({ Action, Resource }) => [Action, Resource]),
    [
      ['ssm:GetParameters', bothParameters],
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

test('without an image there is no task and no task role', () => {
  const { Resources } = derived('  snowflake: { account: a-b, login: key-pair }').resources
  assert.deepEqual(
    Object.keys(Resources).filter((id) => id.includes('Task')),
    [],
  )
})

test('an image of another registry needs no ECR permissions', () => {
  const { Resources } = derived('  snowflake: { account: a-b, login: key-pair }', 'ghcr.io/example/probe:1').resources
  assert.doesNotMatch(JSON.stringify(Resources['SnowflakeProbeTaskStartRole']), /ecr:|"\*"/)
})

const rejected = [
  {
    what: 'a caller of /snowflake-probe in a stage without snowflake',
    derive: () => derived(''),
    message:
      'the caller one may call /snowflake-probe, and the stage has no Snowflake login: add snowflake, with account and login, next to callers',
  },
  {
    what: 'a task that would log in by workload identity',
    derive: () => derived('  snowflake: { account: a-b, login: workload-identity }', image),
    message:
      'probe-image requires a key-pair login: write login: key-pair under snowflake of the stage dev, or omit the parameter',
  },
]

for (const { what, derive, message } of rejected) {
  test(`${what} is rejected when the template is compiled`, () => {
    assert.throws(derive, (error) => {
      assert.ok(error instanceof AccessMapError)
      assert.equal(error.message, message)
      return true
    })
  })
}
