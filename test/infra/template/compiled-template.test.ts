import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { executionRoleId } from '../../../infra/template/logical-ids.ts'
import {
  executionRoleName,
  lambdaFunctionName,
  parseArn,
  readAccessMap,
  stageOf,
} from '../../../shared/access/index.ts'
import { serializeTargets } from '../../../shared/access/targets/index.ts'
import { serviceMap } from '../../service-map.ts'
import { compile } from '../compile.ts'
import { leaves, propertiesOf, readTemplate, resourcesOfType, type Template } from './compiled-template.ts'
import { devResourcePolicy, devRoles, functionArn, routeArn } from './expected-dev-policies.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const stages = ['dev', 'stg', 'prod'] as const

/** The functions that a caller of the stage may call, with their methods. */
const deployedMethods = {
  hello: { methods: ['POST', 'GET', 'PUT'], timeout: 5, memorySize: 256 },
  invoke: { methods: ['POST'], timeout: 29, memorySize: 512 },
  'snowflake-probe': { methods: ['POST'], timeout: 15, memorySize: 512 },
}
const functionsOf = {
  dev: ['hello', 'invoke', 'snowflake-probe'],
  stg: ['hello'],
  prod: ['hello'],
} as const

const compileOptions = {
  dev: { stage: 'dev' },
  stg: { stage: 'stg' },
  prod: { stage: 'prod' },
  china: { stage: 'dev', region: 'cn-north-1' },
  gov: { stage: 'dev', region: 'us-gov-west-1' },
}
type Name = keyof typeof compileOptions
const templates = new Map<string, Template>()
const template = (name: Name): Template => {
  const found = templates.get(name)
  if (!found) throw new Error(`${name} was not compiled`)
  return found
}

before(async () => {
  for (const [name, options] of Object.entries(compileOptions))
    templates.set(name, await readTemplate(await compile(options)))
})

test('the policy of the dev API allows the three callers their routes and denies all others', () => {
  assert.deepEqual(propertiesOf(template('dev'), 'ApiGatewayRestApi')['Policy'], devResourcePolicy)
})

test('the dev caller roles have the principals, external ids and routes of the access map', () => {
  assert.deepEqual(resourcesOfType(template('dev'), 'AWS::IAM::Role'), devRoles)
})

test('a pending caller role trusts no principal, and the API of prod does not allow it', () => {
  assert.deepEqual(propertiesOf(template('prod'), 'CallerRoleSnowflake')['AssumeRolePolicyDocument'], {
    Version: '2012-10-17',
    Statement: [{ Sid: 'PendingTrust', Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
  })
  const policy = JSON.stringify(propertiesOf(template('prod'), 'ApiGatewayRestApi'))
  assert.ok(policy.includes('snowgate-prod-analytics') && !policy.includes('snowgate-prod-snowflake'))
})

test('the development role of a caller is in dev and stg, not in prod', () => {
  const contains = stages.map((stage) => JSON.stringify(template(stage)).includes('LambdaRoleDeve'))
  assert.deepEqual(contains, [true, true, false])
})

for (const stage of stages) {
  test(`every method of ${stage} requires a signature, and the routes are exactly those of the access map`, () => {
    const methods = resourcesOfType(template(stage), 'AWS::ApiGateway::Method')
    assert.deepEqual(
      methods.map(({ HttpMethod, AuthorizationType }) => `${HttpMethod} ${AuthorizationType}`).sort(),
      functionsOf[stage].flatMap((name) => deployedMethods[name].methods.map((method) => `${method} AWS_IAM`)).sort(),
    )
  })

  test(`the API of ${stage} may invoke its functions for each method, not as a whole`, () => {
    const permissions = resourcesOfType(template(stage), 'AWS::Lambda::Permission')
    const expected = functionsOf[stage].flatMap((name) =>
      deployedMethods[name].methods.map((method) => ({
        FunctionName: functionArn(name),
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: routeArn(stage, method, `/${name}`),
      })),
    )
    const inOrder = (found: readonly object[]) => found.map((one) => JSON.stringify(one)).sort()
    assert.deepEqual(inOrder(permissions), inOrder(expected))
  })

  test(`${stage} is regional, on Node 24 and arm64; each function has its own role and log with retention`, () => {
    const [api] = resourcesOfType(template(stage), 'AWS::ApiGateway::RestApi')
    assert.deepEqual(api?.['EndpointConfiguration'], { Types: ['REGIONAL'] })
    const functions = resourcesOfType(template(stage), 'AWS::Lambda::Function')
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
          Timeout: deployedMethods[name].timeout,
          MemorySize: deployedMethods[name].memorySize,
        },
      )
    }
    for (const name of functionsOf[stage]) {
      assert.equal(propertiesOf(template(stage), executionRoleId(name))['RoleName'], executionRoleName(stage, name))
    }
    assert.deepEqual(
      resourcesOfType(template(stage), 'AWS::Logs::LogGroup'),
      functionsOf[stage].map((name) => ({
        LogGroupName: `/aws/lambda/${lambdaFunctionName(stage, name)}`,
        RetentionInDays: 30,
      })),
    )
  })

  test(`no role of ${stage} has a path, and sessions of caller roles last at most an hour`, () => {
    for (const { Path } of resourcesOfType(template(stage), 'AWS::IAM::Role')) assert.equal(Path, '/')
    for (const id of ['CallerRoleSnowflake', 'CallerRoleAnalytics']) {
      assert.equal(propertiesOf(template(stage), id)['MaxSessionDuration'], 3600)
    }
  })

  test(`${stage} has wildcards only in Deny statements`, () => {
    const inPolicies = leaves(template(stage)).filter(
      ({ path, value }) =>
        path.some((key) => /^(Not)?(Action|Resource|Principal)$|^SourceArn$/.test(key)) && /[*?]/.test(String(value)),
    )
    const pendingRoles = stage === 'prod' ? ['CallerRoleSnowflake … Principal'] : []
    assert.deepEqual(
      inPolicies.map(
        ({ path }) =>
          `${path[1]} … ${path.findLast((key) => /^[A-Z]/.test(key) && key !== 'AWS' && !key.startsWith('Fn::'))}`,
      ),
      [
        // osls denies access to the deployment bucket without TLS.
        'ServerlessDeploymentBucketPolicy … Action',
        'ServerlessDeploymentBucketPolicy … Principal',
        'ServerlessDeploymentBucketPolicy … Resource',
        // All principals except the callers are denied the whole API.
        'ApiGatewayRestApi … Principal',
        'ApiGatewayRestApi … Resource',
        // No principal can assume a pending caller role.
        ...pendingRoles,
      ],
    )
    for (const { path } of inPolicies) assert.equal(statementAround(template(stage), path)?.['Effect'], 'Deny')
  })

  test(`literal ARNs of ${stage} come from the access map`, () => {
    const { callers, targets } = stageOf(readAccessMap(serviceMap), stage)
    const mapArns = [
      ...[...callers.values()].flatMap((caller) =>
        caller.kind === 'snowflake' ? (caller.iamUserArn ?? []) : caller.principals,
      ),
      ...[...targets.values()].flatMap(({ roleArn }) => roleArn ?? []),
    ]
    const accounts = mapArns.map((arn) => `arn:aws:iam::${parseArn(arn).accountId}:root`)
    const literal = leaves(template(stage)).flatMap(({ value }) => String(value).match(/arn:aws[^\s"]*/g) ?? [])
    assert.deepEqual(
      literal.filter((arn) => ![...mapArns, ...accounts].includes(arn)),
      [],
    )
  })

  test(`the outputs of ${stage} are the URL of the API and the caller roles`, () => {
    const { Outputs } = template(stage)
    assert.deepEqual(Outputs['CallerRoleSnowflakeArn']?.Value, { 'Fn::GetAtt': ['CallerRoleSnowflake', 'Arn'] })
    assert.deepEqual(Outputs['CallerRoleAnalyticsArn']?.Value, { 'Fn::GetAtt': ['CallerRoleAnalytics', 'Arn'] })
    assert.equal(Outputs['CallerRoleReportingArn'], undefined)
    assert.match(JSON.stringify(Outputs['ServiceEndpoint']?.Value), new RegExp(`execute-api.*"/${stage}"`))
  })
}

test('the targets of a function are those of the access map: none is on loopback, and no other variable has an address', () => {
  const functions = resourcesOfType(template('dev'), 'AWS::Lambda::Function')
  const variables = functions.map(({ FunctionName, Environment }) => [FunctionName, Environment])
  const targets = serializeTargets(stageOf(readAccessMap(serviceMap), 'dev').targets)
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

test('the deployment bucket is not public', () => {
  assert.deepEqual(propertiesOf(template('dev'), 'ServerlessDeploymentBucket')['PublicAccessBlockConfiguration'], {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  })
})

test('the region changes only the Snowflake host: the partition is substituted by CloudFormation', () => {
  const timeless = (name: Name) =>
    JSON.stringify(template(name))
      .replace(/\d{13}(-[^/"]*Z)?/g, 'time')
      .replace(name === 'china' ? 'snowflakecomputing.cn' : 'snowflakecomputing.com', 'snowflake')
  assert.equal(timeless('china'), timeless('dev'))
  assert.equal(timeless('gov'), timeless('dev'))
})

test('tests, functions and bundles use the same Node version', () => {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [major] = devDependencies.node.split('.')
  assert.equal(process.versions.node.split('.')[0], major)
  assert.equal(resourcesOfType(template('dev'), 'AWS::Lambda::Function')[0]?.['Runtime'], `nodejs${major}.x`)
  assert.ok(
    readFileSync(join(root, 'infra', 'bundle', 'bundle-function.ts'), 'utf8').includes(`target: 'node${major}'`),
  )
})

/** The policy statement that contains a path. */
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
