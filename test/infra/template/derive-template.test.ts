import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { deriveTemplate, resolveForOsls } from '../../../infra/template/derive-template.ts'
import { AccessMapError, parseAccessMap, readAccessMap, stageOf } from '../../../shared/access/index.ts'
import { compile, deployableCopy, oslsPackage, temporaryFolder } from '../compile.ts'
import { readTemplate, resourcesOfType } from './compiled-template.ts'

const maps = join(import.meta.dirname, 'maps.yml')
const derived = (stage: string) => deriveTemplate(stage, stageOf(readAccessMap(maps), stage), 'eu-central-1')

const callerRoleArn = (name: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${name}` })
const helloArn = { 'Fn::GetAtt': ['HelloLambdaFunction', 'Arn'] }

test('an API with only pending callers denies all principals, without a condition', () => {
  assert.deepEqual(derived('pending').resourcePolicy, [
    {
      Sid: 'DenyAllOthers',
      Effect: 'Deny',
      Principal: '*',
      Action: ['execute-api:Invoke'],
      Resource: 'execute-api:/*',
    },
  ])
})

test('different names have different logical ids', () => {
  const ids = Object.keys(derived('mixed').resources.Resources)
  assert.deepEqual(ids, [
    'HelloExecutionRole',
    'CallerRoleADashb',
    'CallerRoleAdashb',
    'HelloLambdaPermissionFarCaller1',
    'HelloLambdaPermissionFarCaller2',
    'HelloLambdaPermissionApiGatewayGetHello',
  ])
})

test('a direct caller is allowed by its account with its principals in the condition, in its partition', () => {
  const policy = derived('mixed').resourcePolicy
  assert.deepEqual(
    policy.find(({ Sid }) => Sid === 'AllowFar'),
    {
      Sid: 'AllowFar',
      Effect: 'Allow',
      Principal: { AWS: ['arn:aws-cn:iam::444444444444:root'] },
      Action: ['execute-api:Invoke'],
      Resource: 'execute-api:/mixed/GET/hello',
      Condition: {
        ArnEquals: {
          'aws:PrincipalArn': ['arn:aws-cn:iam::444444444444:role/One', 'arn:aws-cn:iam::444444444444:role/Two'],
        },
      },
    },
  )
  assert.deepEqual(policy.at(-1)?.Condition, {
    ArnNotEquals: {
      'aws:PrincipalArn': [
        callerRoleArn('snowgate-mixed-a-b'),
        callerRoleArn('snowgate-mixed-adashb'),
        'arn:aws-cn:iam::444444444444:role/One',
        'arn:aws-cn:iam::444444444444:role/Two',
      ],
    },
  })
})

test('a stage with only INVOKE routes has no API, a caller role that may invoke, and a permission for each direct principal', async () => {
  const template = await readTemplate(await compile({ stage: 'invoked', accessMap: maps }))
  assert.deepEqual(resourcesOfType(template, 'AWS::ApiGateway::RestApi'), [])
  assert.deepEqual(resourcesOfType(template, 'AWS::ApiGateway::Method'), [])
  const policies = resourcesOfType(template, 'AWS::IAM::Role').find(
    ({ RoleName }) => RoleName === 'snowgate-invoked-batch',
  )
  assert.deepEqual(policies?.['Policies'], [
    {
      PolicyName: 'routes',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Sid: 'InvokeFunctions', Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: [helloArn] }],
      },
    },
  ])
  const invoke = { FunctionName: helloArn, Action: 'lambda:InvokeFunction' }
  assert.deepEqual(resourcesOfType(template, 'AWS::Lambda::Permission'), [
    { ...invoke, Principal: 'arn:aws:iam::444444444444:role/jobs/Night' },
    { ...invoke, Principal: 'arn:aws:iam::555555555555:user/ops' },
  ])
})

const mapWithCallers = (callers: number) =>
  [
    'dev:',
    '  callers:',
    ...Array.from(
      { length: callers },
      (_, index) => `    c${index}: { principals: ["arn:aws:iam::222222222222:role/One"], routes: [POST /hello] }`,
    ),
  ].join('\n')

test('the longest resource policy is compiled, and one more caller is rejected with its length', () => {
  const compiled = (callers: number) =>
    deriveTemplate('dev', stageOf(parseAccessMap(mapWithCallers(callers)), 'dev'), 'eu-central-1')
  const maxCallers = Array.from({ length: 60 }, (_, index) => index + 1).findLast((callers) => {
    try {
      return compiled(callers)
    } catch {
      return false
    }
  })
  const tooLong =
    /^the resource policy of the API would have (\d+) characters, and the limit of API Gateway is 8192: give the stage/
  assert.ok(maxCallers !== undefined && maxCallers > 15, `only ${maxCallers} callers fit`)
  assert.throws(
    () => compiled(maxCallers + 1),
    (error) => error instanceof AccessMapError && Number(tooLong.exec(error.message)?.[1]) > 8192,
  )
})

test('the longest trust policy is compiled, and one more external id is rejected with the caller', () => {
  const ids = (count: number) =>
    Array.from({ length: count }, (_, index) => `ABC12345_SFCRole=${index}_Ouekgs8P8W27w42ks9=`)
  const compiled = (count: number) =>
    deriveTemplate(
      'dev',
      stageOf(
        parseAccessMap(
          `dev:\n  callers:\n    far: {principals: ["arn:aws:iam::222222222222:role/One"], externalIds: ["${ids(count).join('", "')}"], routes: [POST /hello]}\n`,
        ),
        'dev',
      ),
      'eu-central-1',
    )
  const lengths = Array.from({ length: 60 }, (_, index) => index + 1).map((count) => {
    try {
      return JSON.stringify(trustPolicyOf(compiled(count))).length
    } catch (error) {
      assert.ok(error instanceof AccessMapError)
      return Number(
        /^the trust policy of the caller far would have (\d+) characters, and the limit of IAM is 2048: split it/.exec(
          error.message,
        )?.[1],
      )
    }
  })
  const first = lengths.findIndex((length) => length > 2_048)
  assert.ok(first > 40, `only ${first} external ids fit`)
  assert.doesNotThrow(() => compiled(first))
  assert.throws(() => compiled(first + 1), /^AccessMapError: the trust policy of the caller far would have /)
})

/** The trust policy of the caller role. */
const trustPolicyOf = ({ resources }: ReturnType<typeof deriveTemplate>) => {
  const { Properties } = resources.Resources['CallerRoleFar'] as { Properties: { AssumeRolePolicyDocument: unknown } }
  return Properties.AssumeRolePolicyDocument
}

test('the template contains the stage of its access map', async () => {
  const template = await readTemplate(await compile({ stage: 'mixed', accessMap: maps }))
  assert.deepEqual(template['Metadata'], {
    SnowgateStage: {
      callers: {
        'a-b': {
          principals: ['arn:aws:iam::222222222222:role/One', 'arn:aws:iam::333333333333:user/two'],
          externalIds: ['first-id', 'second-id'],
          routes: ['PUT /hello'],
        },
        adashb: { principals: ['arn:aws:iam::222222222222:role/One'], routes: ['PUT /hello'] },
        far: {
          principals: ['arn:aws-cn:iam::444444444444:role/One', 'arn:aws-cn:iam::444444444444:role/Two'],
          direct: true,
          routes: ['GET /hello', 'INVOKE /hello'],
        },
      },
      targets: {},
    },
  })
})

const invalidMap = 'dev:\n  callers:\n    a: { principals: ["*"], route: [] }\n'

const rejections = [
  {
    title: 'a missing stage is an error that lists the existing ones',
    stage: 'nope',
    map: mapWithCallers(1),
    message: 'the access map has no stage "nope": its stages are dev',
  },
  {
    title: 'an invalid map is an error with all problems, once, without a stack trace',
    stage: 'dev',
    map: invalidMap,
    message: 'access.yml:3:23  dev.callers.a.principals[0]: wildcards are',
  },
  {
    title: 'a policy that is too long is an error',
    stage: 'dev',
    map: mapWithCallers(40),
    message: 'the limit of API Gateway is 8192',
  },
]

for (const { title, stage, map, message: expected } of rejections) {
  test(`${title}: as osls prints it`, async () => {
    const accessMap = join(await temporaryFolder(), 'access.yml')
    await writeFile(accessMap, map)
    const values: Readonly<Record<string, string>> = {
      'sls:stage': stage,
      'self:provider.region': 'eu-central-1',
      "param:access, 'access.yml'": accessMap,
      "param:probe-image, ''": '',
    }
    await assert.rejects(resolveForOsls({ resolveVariable: async (variable) => values[variable] }), (error) => {
      assert.ok(error instanceof AccessMapError)
      assert.equal(error.stack?.split(expected).length, 2, error.stack)
      assert.doesNotMatch(error.stack ?? '', /\n\s+at /)
      return true
    })
    await assert.rejects(compile({ stage, accessMap }), ({ message }) => message.split(expected).length === 2)
  })
}

test('osls prints all problems of a map, once, without a stack trace', async () => {
  const accessMap = join(await temporaryFolder(), 'access.yml')
  await writeFile(accessMap, invalidMap)
  await assert.rejects(oslsPackage(await deployableCopy(), { stage: 'dev', accessMap }), ({ message }) => {
    assert.equal(message.split('access.yml:3:23  dev.callers.a.principals[0]: wildcards are').length, 2, message)
    assert.doesNotMatch(message, /\n\s+at /)
    return true
  })
})
