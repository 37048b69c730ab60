import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  ListFunctionsCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda'
import { type ControlPlane, startControlPlane, type TestCaller } from '../control-plane-server.ts'
import { testRejections } from '../test-rejections.ts'

/** Lambda but for Invoke, as the SDK's own client meets it. */

let plane: ControlPlane
before(async () => {
  plane = await startControlPlane()
})
after(() => plane.stop())

const lambda = (name: TestCaller = 'admin') => new LambdaClient(plane.as(name))
const configuration = (FunctionName: string, as?: TestCaller) =>
  lambda(as).send(new GetFunctionConfigurationCommand({ FunctionName }))
const policy = (FunctionName: string, as?: TestCaller) => lambda(as).send(new GetPolicyCommand({ FunctionName }))

const arnOf = (name: string) => `arn:aws:lambda:eu-central-1:111111111111:function:${name}`

test('a function is shown as its template has it, by name, partial ARN and ARN', async () => {
  const { $metadata, ...shown } = await configuration('greeter')
  assert.deepEqual(shown, {
    FunctionName: 'greeter',
    FunctionArn: arnOf('greeter'),
    Runtime: 'nodejs24.x',
    Role: 'arn:aws:iam::111111111111:role/executor',
    Handler: 'index.handler',
    Timeout: 3,
    MemorySize: 128,
    LastModified: '2026-01-15T10:11:12.000+0000',
    Version: '$LATEST',
    Environment: { Variables: { COLOUR: 'blue' } },
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
  })
  for (const spelling of [arnOf('greeter'), '111111111111:function:greeter']) {
    assert.equal((await configuration(spelling)).FunctionArn, arnOf('greeter'))
  }
  assert.deepEqual(
    [(await configuration('silent')).Timeout, (await configuration('silent')).Environment],
    [7, undefined],
  )
})

test('the policy of a function has a statement for each permission', async () => {
  const { Policy = '' } = await policy('greeter', 'reader')
  assert.deepEqual(JSON.parse(Policy), {
    Version: '2012-10-17',
    Id: 'default',
    Statement: [
      {
        Sid: 'Permission',
        Effect: 'Allow',
        Principal: { Service: 'apigateway.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: arnOf('greeter'),
        Condition: {
          ArnLike: {
            'AWS:SourceArn': `arn:aws:execute-api:eu-central-1:111111111111:${plane.deployment().api.id}/dev/POST/hello`,
          },
        },
      },
    ],
  })
})

testRejections(() => plane, 'lambda', [
  {
    claim: 'the policy of a function that has none',
    call: () => policy('silent'),
    status: 404,
    type: 'ResourceNotFoundException',
    message: 'The resource you requested does not exist.',
    reason: /does not exist/,
  },
  {
    claim: 'a function that is not there',
    call: () => configuration('none'),
    status: 404,
    type: 'ResourceNotFoundException',
    message: `Function not found: ${arnOf('none')}`,
    reason: /not found/,
  },
  {
    claim: 'a function of another account, requested by name,',
    call: () => configuration('greeter', 'stranger'),
    status: 404,
    type: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:eu-central-1:666666666666:function:greeter',
    reason: /not found/,
  },
  {
    claim: 'a function of another account, requested by ARN,',
    call: () => configuration(arnOf('greeter'), 'stranger'),
    status: 403,
    type: 'AccessDeniedException',
    message: `User: arn:aws:iam::666666666666:user/stranger is not authorized to perform: lambda:GetFunctionConfiguration on resource: ${arnOf('greeter')} because no resource-based policy allows the lambda:GetFunctionConfiguration action`,
    reason: /no statement allows it/,
  },
  {
    claim: 'GetFunctionConfiguration to who may GetPolicy',
    call: () => configuration('greeter', 'reader'),
    status: 403,
    type: 'AccessDeniedException',
    message: `User: arn:aws:iam::111111111111:user/reader is not authorized to perform: lambda:GetFunctionConfiguration on resource: ${arnOf('greeter')} because no identity-based policy allows the lambda:GetFunctionConfiguration action`,
    reason: /no statement allows it/,
  },
  {
    claim: 'a name that no function can have',
    call: () => configuration('a b'),
    status: 400,
    type: 'ValidationException',
    message: /^1 validation error detected: Value 'a b' at 'functionName' failed to satisfy constraint: /,
    reason: /functionName/,
  },
  {
    claim: 'a version',
    call: () => configuration('greeter:7'),
    status: 501,
    type: 'LocalUnsupported',
    message: 'The local stack does not imitate versions and aliases for lambda:GetFunctionConfiguration.',
    reason: /versions/,
  },
  {
    claim: 'a list of functions',
    call: () => lambda().send(new ListFunctionsCommand()),
    status: 501,
    type: 'LocalUnsupported',
    message: 'The local stack does not imitate GET /2015-03-31/functions of Lambda.',
    reason: /not imitated/,
  },
  {
    claim: 'an operation of a later version of the API',
    call: () => lambda().send(new GetFunctionConcurrencyCommand({ FunctionName: 'greeter' })),
    status: 501,
    type: 'LocalUnsupported',
    message: 'The local stack does not imitate GET /2019-09-30/functions/greeter/concurrency of Lambda.',
    reason: /not imitated/,
  },
  {
    claim: 'a change at the path of what may be read',
    call: () => lambda().send(new UpdateFunctionConfigurationCommand({ FunctionName: 'greeter', Timeout: 9 })),
    status: 501,
    type: 'LocalUnsupported',
    message: 'The local stack does not imitate PUT /2015-03-31/functions/greeter/configuration of Lambda.',
    reason: /not imitated/,
  },
])
