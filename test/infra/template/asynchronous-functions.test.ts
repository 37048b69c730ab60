import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { bundle } from '../../../infra/bundle/bundle-function.ts'
import { deriveTemplate } from '../../../infra/template/derive-template.ts'
import { AccessMapError, type Route, routeTable, type Stage } from '../../../shared/access/index.ts'
import { compile } from '../compile.ts'
import { createSlowHelloProject, packageSlowHelloProject } from '../slow-hello-project.ts'
import { propertiesOf, readTemplate, resourcesOfType, type Template } from './compiled-template.ts'

const root = join(import.meta.dirname, '..', '..', '..')

let folder: string
let template: Template
before(async () => {
  const copy = await createSlowHelloProject()
  folder = copy.folder
  template = await readTemplate(await packageSlowHelloProject(copy))
})

const statementsOf = (roleId: string) => {
  const policies = propertiesOf(template, roleId)['Policies'] as { PolicyName: string; PolicyDocument: object }[]
  return Object.fromEntries(policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument]))
}

test('an asynchronous function has a longer timeout than API Gateway, the name of its table, and no retries', () => {
  const { Timeout, Environment } = propertiesOf(template, 'SlowDashhelloLambdaFunction')
  assert.deepEqual([Timeout, Environment], [540, { Variables: { BATCHES_TABLE: 'snowgate-dev-slow-hello-batches' } }])
  assert.deepEqual(resourcesOfType(template, 'AWS::Lambda::EventInvokeConfig'), [
    {
      FunctionName: { Ref: 'SlowDashhelloLambdaFunction' },
      DestinationConfig: {},
      Qualifier: '$LATEST',
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
    },
  ])
})

test('its table is on-demand and has a TTL', () => {
  assert.deepEqual(resourcesOfType(template, 'AWS::DynamoDB::Table'), [
    {
      TableName: 'snowgate-dev-slow-hello-batches',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'batch', AttributeType: 'S' },
        { AttributeName: 'part', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'batch', KeyType: 'HASH' },
        { AttributeName: 'part', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    },
  ])
})

test('its role may only use its table, invoke itself and write its log', () => {
  assert.deepEqual(statementsOf('SlowDashhelloExecutionRole'), {
    log: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'WriteOwnLog',
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: { 'Fn::GetAtt': ['SlowDashhelloLogGroup', 'Arn'] },
        },
      ],
    },
    batches: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'StoreBatches',
          Effect: 'Allow',
          Action: ['dynamodb:GetItem', 'dynamodb:PutItem'],
          Resource: { 'Fn::GetAtt': ['SlowDashhelloBatchesTable', 'Arn'] },
        },
        {
          Sid: 'InvokeSelf',
          Effect: 'Allow',
          Action: 'lambda:InvokeFunction',
          Resource: {
            'Fn::Sub': 'arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:snowgate-dev-slow-hello',
          },
        },
      ],
    },
  })
})

test('GET and POST require a signature, and are in the policies of the API and of the caller role', () => {
  const paths = resourcesOfType(template, 'AWS::ApiGateway::Method')
    .filter(({ ResourceId }) => JSON.stringify(ResourceId).includes('SlowDashhello'))
    .map(({ HttpMethod, AuthorizationType }) => `${HttpMethod} ${AuthorizationType}`)
  assert.deepEqual(paths.sort(), ['GET AWS_IAM', 'POST AWS_IAM'])
  const api = JSON.stringify(propertiesOf(template, 'ApiGatewayRestApi')['Policy'])
  const callerRole = JSON.stringify(statementsOf('CallerRoleSnowflake'))
  for (const method of ['GET', 'POST']) {
    assert.ok(api.includes(`execute-api:/dev/${method}/slow-hello`))
    assert.ok(callerRole.includes(`/dev/${method}/slow-hello`))
  }
})

test('a synchronous function has none of this', async () => {
  assert.deepEqual(Object.keys(statementsOf('HelloExecutionRole')), ['log'])
  const { Timeout, Environment } = propertiesOf(template, 'HelloLambdaFunction')
  assert.deepEqual([Timeout, Environment], [5, undefined])
  const serviceTemplate = await readTemplate(await compile({ stage: 'dev' }))
  const fast = routeTable.every(({ asynchronous }) => !asynchronous)
  assert.equal(resourcesOfType(serviceTemplate, 'AWS::DynamoDB::Table').length === 0, fast)
  assert.equal(JSON.stringify(serviceTemplate).includes('dynamodb'), !fast)
})

test('only the bundle of an asynchronous function has the code for batches', async () => {
  const codeOf = async (name: string) => {
    const { code, additionalFiles } = await bundle(folder, `functions/${name}/handler`)
    return Buffer.concat([code, ...additionalFiles.map((file) => file.code)]).toString()
  }
  const [fast, slow] = await Promise.all(['hello', 'slow-hello'].map(codeOf))
  for (const mark of ['DynamoDB_20120810', 'AWS4-HMAC-SHA256', 'workOnBatch']) {
    assert.deepEqual([fast?.includes(mark), slow?.includes(mark)], [false, true], mark)
  }
})

const stageWith = (kind: 'snowflake' | 'account', ...methods: Route['method'][]): Stage => {
  const routes = methods.map((method): Route => {
    return { method, path: '/slow-hello', functionName: 'slow-hello', asynchronous: true }
  })
  const caller = { principals: ['arn:aws:iam::222222222222:role/One'], externalIds: [], routes }
  return { callers: new Map([['one', { ...caller, kind }]]), targets: new Map() }
}

test('a map in which Snowflake may send batches but not poll for them is rejected with the missing route', () => {
  assert.throws(
    () => deriveTemplate('dev', stageWith('snowflake', 'POST'), 'eu-central-1'),
    (error) =>
      error instanceof AccessMapError &&
      error.message ===
        'the caller one has POST /slow-hello, which is asynchronous, and cannot poll for the result: add GET /slow-hello',
  )
})

for (const [kind, ...methods] of [
  ['snowflake', 'POST', 'GET'],
  ['snowflake', 'GET'],
  ['account', 'POST'],
] as const) {
  test(`a caller of kind ${kind} with ${methods.join(' and ')} is derived`, () => {
    deriveTemplate('dev', stageWith(kind, ...methods), 'eu-central-1')
  })
}

for (const { functionName, methods, asynchronous = false } of routeTable) {
  test(`the route table and the handler of ${functionName} agree on whether it is asynchronous`, () => {
    const handler = readFileSync(join(root, 'functions', functionName, 'handler.ts'), 'utf8')
    assert.equal(handler.includes('createAsynchronousBatches('), asynchronous)
    if (asynchronous) assert.ok(methods.includes('GET') && methods.includes('POST'))
  })
}
