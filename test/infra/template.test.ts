import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { executionRoleId } from '../../infra/logical-ids.ts'
import { executionRoleName, lambdaFunctionName, partsOfArn, readAccessMap, stageOf } from '../../shared/access/index.ts'
import { writeTargets } from '../../shared/targets/index.ts'
import { serviceMap } from '../service-map.ts'
import { compile } from './compile.ts'
import { apiPolicyOfDev, call, functionArn, rolesOfDev } from './dev-policies.ts'
import { leaves, ofType, propertiesOf, readTemplate, type Template } from './template.ts'

const root = join(import.meta.dirname, '..', '..')
const stages = ['dev', 'stg', 'prod'] as const

/** The functions that somebody of the stage may call, with the methods that somebody may use. */
const deployed = {
  hello: { methods: ['POST', 'GET', 'PUT'], timeout: 5, memorySize: 256 },
  invoke: { methods: ['POST'], timeout: 29, memorySize: 512 },
  'snowflake-probe': { methods: ['POST'], timeout: 15, memorySize: 512 },
}
const functionsOf = {
  dev: ['hello', 'invoke', 'snowflake-probe'],
  stg: ['hello'],
  prod: ['hello'],
} as const

const orders = {
  dev: { stage: 'dev' },
  stg: { stage: 'stg' },
  prod: { stage: 'prod' },
  china: { stage: 'dev', region: 'cn-north-1' },
  gov: { stage: 'dev', region: 'us-gov-west-1' },
}
type Name = keyof typeof orders
const templates = new Map<string, Template>()
const template = (name: Name): Template => {
  const found = templates.get(name)
  if (!found) throw new Error(`${name} was not compiled`)
  return found
}

before(async () => {
  for (const [name, order] of Object.entries(orders)) templates.set(name, await readTemplate(await compile(order)))
})

test('the policy of the dev API admits the three callers on their routes and denies everybody else', () => {
  assert.deepEqual(propertiesOf(template('dev'), 'ApiGatewayRestApi')['Policy'], apiPolicyOfDev)
})

test('the dev doors trust whom the map names, with the external id it names, for the routes it names', () => {
  assert.deepEqual(ofType(template('dev'), 'AWS::IAM::Role'), rolesOfDev)
})

test('a shut door trusts nobody, and the API of prod does not admit its role', () => {
  assert.deepEqual(propertiesOf(template('prod'), 'CallerRoleSnowflake')['AssumeRolePolicyDocument'], {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Shut', Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
  })
  const policy = JSON.stringify(propertiesOf(template('prod'), 'ApiGatewayRestApi'))
  assert.ok(policy.includes('snowgate-prod-analytics') && !policy.includes('snowgate-prod-snowflake'))
})

test('the development role of a caller is in dev and stg and nowhere in prod', () => {
  const holds = stages.map((stage) => JSON.stringify(template(stage)).includes('LambdaRoleDeve'))
  assert.deepEqual(holds, [true, true, false])
})

for (const stage of stages) {
  test(`every method of ${stage} demands a signature, and there are exactly the routes of the map`, () => {
    const methods = ofType(template(stage), 'AWS::ApiGateway::Method')
    assert.deepEqual(
      methods.map(({ HttpMethod, AuthorizationType }) => `${HttpMethod} ${AuthorizationType}`).sort(),
      functionsOf[stage].flatMap((name) => deployed[name].methods.map((method) => `${method} AWS_IAM`)).sort(),
    )
  })

  test(`the API of ${stage} may invoke its functions method by method and not as a whole`, () => {
    const permissions = ofType(template(stage), 'AWS::Lambda::Permission')
    const expected = functionsOf[stage].flatMap((name) =>
      deployed[name].methods.map((method) => ({
        FunctionName: functionArn(name),
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: call(stage, method, `/${name}`),
      })),
    )
    const inOrder = (found: readonly object[]) => found.map((one) => JSON.stringify(one)).sort()
    assert.deepEqual(inOrder(permissions), inOrder(expected))
  })

  test(`${stage} is regional, on Node 24 and arm64, each function with a role and a log of its own that ends`, () => {
    const [api] = ofType(template(stage), 'AWS::ApiGateway::RestApi')
    assert.deepEqual(api?.['EndpointConfiguration'], { Types: ['REGIONAL'] })
    const functions = ofType(template(stage), 'AWS::Lambda::Function')
    assert.equal(functions.length, functionsOf[stage].length)
    for (const [
      index,
      { FunctionName, Runtime, Architectures, Handler, Role, Timeout, MemorySize },
    ] of functions.entries()) {
      const name = functionsOf[stage][index] ?? assert.fail()
      assert.deepEqual(
        { FunctionName, Runtime, Architectures, Handler, Role, Timeout, MemorySize },
        {
          FunctionName: lambdaFunctionName(stage, name),
          Runtime: 'nodejs24.x',
          Architectures: ['arm64'],
          Handler: `functions/${name}/handler.handler`,
          Role: { 'Fn::Sub': `\${${executionRoleId(name)}.Arn}` },
          Timeout: deployed[name].timeout,
          MemorySize: deployed[name].memorySize,
        },
      )
    }
    for (const name of functionsOf[stage]) {
      assert.equal(propertiesOf(template(stage), executionRoleId(name))['RoleName'], executionRoleName(stage, name))
    }
    assert.deepEqual(
      ofType(template(stage), 'AWS::Logs::LogGroup'),
      functionsOf[stage].map((name) => ({
        LogGroupName: `/aws/lambda/${lambdaFunctionName(stage, name)}`,
        RetentionInDays: 30,
      })),
    )
  })

  test(`no role of ${stage} has a path, and every door ends its sessions after an hour`, () => {
    for (const { Path } of ofType(template(stage), 'AWS::IAM::Role')) assert.equal(Path, '/')
    for (const id of ['CallerRoleSnowflake', 'CallerRoleAnalytics']) {
      assert.equal(propertiesOf(template(stage), id)['MaxSessionDuration'], 3600)
    }
  })

  test(`a wildcard stands in ${stage} only where something is denied`, () => {
    const inPolicies = leaves(template(stage)).filter(
      ({ path, value }) =>
        path.some((key) => /^(Not)?(Action|Resource|Principal)$|^SourceArn$/.test(key)) && /[*?]/.test(String(value)),
    )
    const shutDoors = stage === 'prod' ? ['CallerRoleSnowflake … Principal'] : []
    assert.deepEqual(
      inPolicies.map(
        ({ path }) =>
          `${path[1]} … ${path.findLast((key) => /^[A-Z]/.test(key) && key !== 'AWS' && !key.startsWith('Fn::'))}`,
      ),
      [
        // osls: nobody reads or writes the deployment bucket without TLS.
        'ServerlessDeploymentBucketPolicy … Action',
        'ServerlessDeploymentBucketPolicy … Principal',
        'ServerlessDeploymentBucketPolicy … Resource',
        // Everybody but the callers is denied the whole API.
        'ApiGatewayRestApi … Principal',
        'ApiGatewayRestApi … Resource',
        // Nobody assumes the role of a shut door.
        ...shutDoors,
      ],
    )
    for (const { path } of inPolicies) assert.equal(statementAround(template(stage), path)?.['Effect'], 'Deny')
  })

  test(`what ${stage} spells of an ARN with its partition comes from the map`, () => {
    const { callers, targets } = stageOf(readAccessMap(serviceMap), stage)
    const spelled = [
      ...[...callers.values()].flatMap((caller) =>
        caller.kind === 'snowflake' ? (caller.iamUserArn ?? []) : caller.principals,
      ),
      ...[...targets.values()].flatMap(({ roleArn }) => roleArn ?? []),
    ]
    const accounts = spelled.map((arn) => `arn:aws:iam::${partsOfArn(arn).accountId}:root`)
    const literal = leaves(template(stage)).flatMap(({ value }) => String(value).match(/arn:aws[^\s"]*/g) ?? [])
    assert.deepEqual(
      literal.filter((arn) => ![...spelled, ...accounts].includes(arn)),
      [],
    )
  })

  test(`the outputs of ${stage} tell the URL of the API and the role behind each door`, () => {
    const { Outputs } = template(stage)
    assert.deepEqual(Outputs['CallerRoleSnowflakeArn']?.Value, { 'Fn::GetAtt': ['CallerRoleSnowflake', 'Arn'] })
    assert.deepEqual(Outputs['CallerRoleAnalyticsArn']?.Value, { 'Fn::GetAtt': ['CallerRoleAnalytics', 'Arn'] })
    assert.equal(Outputs['CallerRoleReportingArn'], undefined)
    assert.match(JSON.stringify(Outputs['ServiceEndpoint']?.Value), new RegExp(`execute-api.*"/${stage}"`))
  })
}

test('the targets that a function is told are those of the map: none is on loopback, and no other variable leads elsewhere', () => {
  const functions = ofType(template('dev'), 'AWS::Lambda::Function')
  const variables = functions.map(({ FunctionName, Environment }) => [FunctionName, Environment])
  const targets = writeTargets(stageOf(readAccessMap(serviceMap), 'dev').targets)
  assert.deepEqual(variables, [
    ['snowgate-dev-hello', undefined],
    ['snowgate-dev-invoke', { Variables: { TARGETS: targets } }],
    [
      'snowgate-dev-snowflake-probe',
      {
        Variables: {
          SNOWFLAKE_URL: 'https://myorg-myaccount.snowflakecomputing.com',
          SNOWFLAKE_ACCOUNT: 'myorg-myaccount',
          SNOWFLAKE_USER: 'SNOWGATE_DEV_PROBE',
          SNOWFLAKE_LOGIN: 'workload-identity',
        },
      },
    ],
  ])
  assert.doesNotMatch(targets, /127\.0\.0\.1|localhost|http:|allowPrivate/)
})

test('the deployment bucket is closed to the public', () => {
  assert.deepEqual(propertiesOf(template('dev'), 'ServerlessDeploymentBucket')['PublicAccessBlockConfiguration'], {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  })
})

test('the region changes the host of Snowflake in the template, and leaves the partition to CloudFormation', () => {
  const timeless = (name: Name) =>
    JSON.stringify(template(name))
      .replace(/\d{13}(-[^/"]*Z)?/g, 'time')
      .replace(name === 'china' ? 'snowflakecomputing.cn' : 'snowflakecomputing.com', 'snowflake')
  assert.equal(timeless('china'), timeless('dev'))
  assert.equal(timeless('gov'), timeless('dev'))
})

test('the Node that runs the tests, the runtime of the functions and the target of the bundles are one', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [major] = devDependencies.node.split('.')
  assert.equal(process.versions.node.split('.')[0], major)
  assert.equal(ofType(template('dev'), 'AWS::Lambda::Function')[0]?.['Runtime'], `nodejs${major}.x`)
  assert.ok(readFileSync(join(root, 'infra', 'bundle.ts'), 'utf8').includes(`target: 'node${major}'`))
})

/** The policy statement that a path leads through. */
const statementAround = (document: unknown, path: readonly string[]): Readonly<Record<string, unknown>> | undefined => {
  let found: Readonly<Record<string, unknown>> | undefined
  let value: unknown = document
  for (const key of path) {
    if (typeof value !== 'object' || value === null) break
    value = Object.entries(value).find(([name]) => name === key)?.[1]
    if (typeof value === 'object' && value !== null && 'Effect' in value) found = { ...value }
  }
  return found
}
