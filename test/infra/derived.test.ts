import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { derive, derivedForOsls } from '../../infra/derived.ts'
import { AccessMapError, parseAccessMap, readAccessMap, stageOf } from '../../shared/access/index.ts'
import { compile, deployableCopy, oslsPackage, temporaryFolder } from './compile.ts'
import { ofType, readTemplate } from './template.ts'

const maps = join(import.meta.dirname, 'maps.yml')
const derived = (stage: string) => derive(stage, stageOf(readAccessMap(maps), stage), 'eu-central-1')

const door = (name: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/${name}` })
const helloArn = { 'Fn::GetAtt': ['HelloLambdaFunction', 'Arn'] }

test('an API whose doors are all shut denies everybody, without a condition', () => {
  assert.deepEqual(derived('shut').resourcePolicy, [
    {
      Sid: 'DenyEverybodyElse',
      Effect: 'Deny',
      Principal: '*',
      Action: ['execute-api:Invoke'],
      Resource: 'execute-api:/*',
    },
  ])
})

test('names that differ stay different as logical ids', () => {
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

test('a direct caller is admitted by its account under the condition of its principals, in the partition it has', () => {
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
        door('snowgate-mixed-a-b'),
        door('snowgate-mixed-adashb'),
        'arn:aws-cn:iam::444444444444:role/One',
        'arn:aws-cn:iam::444444444444:role/Two',
      ],
    },
  })
})

test('a stage that is only invoked has no API, a door that may invoke, and a permission for each direct principal', async () => {
  const template = await readTemplate(await compile({ stage: 'invoked', accessMap: maps }))
  assert.deepEqual(ofType(template, 'AWS::ApiGateway::RestApi'), [])
  assert.deepEqual(ofType(template, 'AWS::ApiGateway::Method'), [])
  const policies = ofType(template, 'AWS::IAM::Role').find(({ RoleName }) => RoleName === 'snowgate-invoked-batch')
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
  assert.deepEqual(ofType(template, 'AWS::Lambda::Permission'), [
    { ...invoke, Principal: 'arn:aws:iam::444444444444:role/jobs/Night' },
    { ...invoke, Principal: 'arn:aws:iam::555555555555:user/ops' },
  ])
})

const crowd = (callers: number) =>
  [
    'dev:',
    '  callers:',
    ...Array.from(
      { length: callers },
      (_, index) => `    c${index}: { principals: ["arn:aws:iam::222222222222:role/One"], routes: [POST /hello] }`,
    ),
  ].join('\n')

test('the longest policy that API Gateway takes is compiled, and one caller more is refused with the number', () => {
  const compiled = (callers: number) => derive('dev', stageOf(parseAccessMap(crowd(callers)), 'dev'), 'eu-central-1')
  const most = Array.from({ length: 60 }, (_, index) => index + 1).findLast((callers) => {
    try {
      return compiled(callers)
    } catch {
      return false
    }
  })
  const refused =
    /^the resource policy of the API would have (\d+) characters, and the limit of API Gateway is 8192: give the stage/
  assert.ok(most !== undefined && most > 15, `only ${most} callers fit`)
  assert.throws(
    () => compiled(most + 1),
    (error) => error instanceof AccessMapError && Number(refused.exec(error.message)?.[1]) > 8192,
  )
})

test('the longest trust policy that IAM takes is compiled, and one external id more is refused with the caller', () => {
  const ids = (count: number) =>
    Array.from({ length: count }, (_, index) => `ABC12345_SFCRole=${index}_Ouekgs8P8W27w42ks9=`)
  const compiled = (count: number) =>
    derive(
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
      return JSON.stringify(ofRole(compiled(count))).length
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

/** The trust policy of the one door. */
const ofRole = ({ resources }: ReturnType<typeof derive>) => {
  const { Properties } = resources.Resources['CallerRoleFar'] as { Properties: { AssumeRolePolicyDocument: unknown } }
  return Properties.AssumeRolePolicyDocument
}

test('the template remembers the stage of the map that it was compiled from', async () => {
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

const mistaken = 'dev:\n  callers:\n    a: { principals: ["*"], route: [] }\n'

const refusals = [
  {
    title: 'a stage that the map does not have is refused with the stages it has',
    stage: 'nope',
    map: crowd(1),
    says: 'the access map has no stage "nope": its stages are dev',
  },
  {
    title: 'a map with mistakes is refused with all of them, once, and no stack of ours',
    stage: 'dev',
    map: mistaken,
    says: 'access.yml:3:23  dev.callers.a.principals[0]: a wildcard',
  },
  { title: 'a policy that is too long is refused', stage: 'dev', map: crowd(40), says: 'API Gateway takes 8192' },
]

for (const { title, stage, map, says } of refusals) {
  test(`${title}: as osls prints it`, async () => {
    const accessMap = join(await temporaryFolder(), 'access.yml')
    await writeFile(accessMap, map)
    const values: Readonly<Record<string, string>> = {
      'sls:stage': stage,
      'self:provider.region': 'eu-central-1',
      "param:access, 'access.yml'": accessMap,
      "param:probe-image, ''": '',
    }
    await assert.rejects(derivedForOsls({ resolveVariable: async (variable) => values[variable] }), (error) => {
      assert.ok(error instanceof AccessMapError)
      assert.equal(error.stack?.split(says).length, 2, error.stack)
      assert.doesNotMatch(error.stack ?? '', /\n\s+at /)
      return true
    })
    await assert.rejects(compile({ stage, accessMap }), ({ message }) => message.split(says).length === 2)
  })
}

test('osls prints all mistakes of a map, once, and no stack of ours', async () => {
  const accessMap = join(await temporaryFolder(), 'access.yml')
  await writeFile(accessMap, mistaken)
  await assert.rejects(oslsPackage(await deployableCopy(), { stage: 'dev', accessMap }), ({ message }) => {
    assert.equal(message.split('access.yml:3:23  dev.callers.a.principals[0]: a wildcard').length, 2, message)
    assert.doesNotMatch(message, /\n\s+at /)
    return true
  })
})
