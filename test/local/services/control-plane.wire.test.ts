import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { APIGatewayClient, GetRestApiCommand } from '@aws-sdk/client-api-gateway'
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetFunctionConfigurationCommand, GetPolicyCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { type RunningStack, runningStack, type StackIdentity, sign } from '../running-stack.ts'

/** The deployed service as AWS's own APIs show it, through the one port of the stack. */

let stack: RunningStack
let admin: StackIdentity
before(async () => {
  stack = await runningStack()
  admin = await stack.identity('admin')
})
after(() => stack.stop())

const as = ({ accessKeyId, secretAccessKey, sessionToken, region }: StackIdentity) => ({
  endpoint: stack.url,
  region,
  maxAttempts: 1,
  credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
})

const physicalIds = async () => {
  const { StackResourceSummaries = [] } = await new CloudFormationClient(as(admin)).send(
    new ListStackResourcesCommand({ StackName: 'snowgate-dev' }),
  )
  return new Map(StackResourceSummaries.map((one) => [one.LogicalResourceId, one.PhysicalResourceId ?? '']))
}

test('from the name of the stack leads a way to everything that is in it', async () => {
  const ids = await physicalIds()
  const restApiId = ids.get('ApiGatewayRestApi') ?? ''
  const { name, policy } = await new APIGatewayClient(as(admin)).send(new GetRestApiCommand({ restApiId }))
  assert.equal(name, 'dev-snowgate')
  assert.match(policy ?? '', /DenyAllOthers/)

  const RoleName = ids.get('CallerRoleAnalytics') ?? ''
  const { Role } = await new IAMClient(as(admin)).send(new GetRoleCommand({ RoleName }))
  assert.match(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), /222222222222:role\/LambdaRoleDeve/)

  const FunctionName = ids.get('HelloLambdaFunction') ?? ''
  const lambda = new LambdaClient(as(admin))
  const { Timeout, MemorySize } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))
  assert.deepEqual([FunctionName, Timeout, MemorySize], ['snowgate-dev-hello', 5, 256])
  const { Policy = '' } = await lambda.send(new GetPolicyCommand({ FunctionName }))
  assert.match(Policy, new RegExp(`${restApiId}/dev/PUT/hello`))
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName, Payload: '{"name":"Alice"}' }))
  assert.equal(JSON.parse(Buffer.from(Payload ?? []).toString()).body, '"Hello, Alice"')
})

test('the id of a role is that in the user ids of its sessions', async () => {
  const { Role } = await new IAMClient(as(admin)).send(new GetRoleCommand({ RoleName: 'snowgate-dev-analytics' }))
  const analytics = await stack.identity('analytics')
  const sts = new STSClient(as(analytics))
  const { AssumedRoleUser } = await sts.send(
    new AssumeRoleCommand({ RoleArn: analytics.callerRoleArn, RoleSessionName: 'one' }),
  )
  assert.equal(AssumedRoleUser?.AssumedRoleId, `${Role?.RoleId}:one`)
})

test("callers of the map have no rights over the service's account", async () => {
  const analytics = await stack.identity('analytics')
  await assert.rejects(new IAMClient(as(analytics)).send(new GetRoleCommand({ RoleName: 'snowgate-dev-analytics' })), {
    name: 'AccessDenied',
    message: /^User: arn:aws:sts::222222222222:assumed-role\/LambdaRoleDeve\/analytics is not authorized/,
  })
})

const get = (path: string, service: string) =>
  stack.send(sign({ method: 'GET', path }, admin, { host: stack.host, service }))

for (const { claim, send, status, errorType, body } of [
  {
    claim: 'a call of the API signed for the service that manages APIs is rejected by the API',
    send: () => get('/dev/hello', 'apigateway'),
    status: 403,
    errorType: 'InvalidSignatureException',
    body: /correct service: 'execute-api'/,
  },
  {
    claim: 'an unsigned look at the APIs is rejected as an unknown path of the API is',
    send: () => stack.send({ method: 'GET', path: '/restapis' }),
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    body: /^\{"message":"Missing Authentication Token"\}$/,
  },
  {
    claim: 'an unsigned look at a function is rejected',
    send: () => stack.send({ method: 'GET', path: '/2015-03-31/functions/snowgate-dev-hello/policy' }),
    status: 403,
    errorType: 'MissingAuthenticationTokenException',
    body: /^\{"message":"Missing Authentication Token"\}$/,
  },
  {
    claim: 'the rejection of an unsupported service lists the supported ones',
    send: () => get('/', 'ec2'),
    status: 501,
    errorType: 'LocalUnsupported',
    body: /does not imitate ec2\. It has execute-api, sts, ssm, dynamodb and lambda, and to look at what is deployed iam, cloudformation and apigateway\./,
  },
]) {
  test(claim, async () => {
    const answer = await send()
    assert.deepEqual([answer.status, answer.errorType], [status, errorType])
    assert.match(answer.body, body)
  })
}
