import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import {
  type Credentials,
  type RunningStack,
  runningStack,
  type StackIdentity,
  type StackResponse,
  sign,
} from '../../running-stack.ts'

let stack: RunningStack
before(async () => {
  stack = await runningStack()
})
after(() => stack.stop())

const analyticsRoleArn = 'arn:aws:iam::111111111111:role/snowgate-dev-analytics'
const snowflakeRoleArn = 'arn:aws:iam::111111111111:role/snowgate-dev-snowflake'
const snowflakeExternalId = 'ABC12345_SFCRole=1_OueZKOG624lkPL8fP8W27w42ks9='

const client = ({ accessKeyId, secretAccessKey, sessionToken, endpoints, region }: StackIdentity): STSClient =>
  new STSClient({
    endpoint: endpoints.aws,
    region,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
  })

const assume = async (name: string, input: Partial<AssumeRoleCommandInput>) =>
  client(await stack.identity(name)).send(
    new AssumeRoleCommand({ RoleArn: analyticsRoleArn, RoleSessionName: 'a-session', ...input }),
  )

test('a session carries its name, the role without a path and an expiry of an hour', async () => {
  const { AssumedRoleUser, Credentials: issued } = await assume('analytics', {})
  assert.equal(AssumedRoleUser?.Arn, 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/a-session')
  assert.match(AssumedRoleUser?.AssumedRoleId ?? '', /^AROA[A-Z0-9]{17}:a-session$/)
  assert.match(issued?.AccessKeyId ?? '', /^ASIA[A-Z0-9]{16}$/)
  const seconds = ((issued?.Expiration?.getTime() ?? 0) - Date.now()) / 1000
  assert.ok(seconds > 3_590 && seconds <= 3_600, String(seconds))
})

test('GetCallerIdentity says who signed', async () => {
  const { Arn, Account, UserId } = await client(await stack.identity('analytics')).send(
    new GetCallerIdentityCommand({}),
  )
  assert.equal(Arn, 'arn:aws:sts::222222222222:assumed-role/LambdaRoleDeve/analytics')
  assert.equal(Account, '222222222222')
  assert.match(UserId ?? '', /^AROA[A-Z0-9]{17}:analytics$/)
})

test('the Snowflake user passes with the external id of its integration', async () => {
  const { AssumedRoleUser } = await assume('snowflake', {
    RoleArn: snowflakeRoleArn,
    RoleSessionName: 'snowflake',
    ExternalId: snowflakeExternalId,
  })
  assert.equal(AssumedRoleUser?.Arn, 'arn:aws:sts::111111111111:assumed-role/snowgate-dev-snowflake/snowflake')
})

const trust = ' because no role trust policy allows the sts:AssumeRole action'
const notAuthorized = (arn: string, role: string, suffix = trust) =>
  `User: ${arn} is not authorized to perform: sts:AssumeRole on resource: ${role}${suffix}`
const snowflakeUser = 'arn:aws:iam::999999999999:user/abcd-s-example'

interface RejectionCase {
  readonly claim: string
  readonly as: string
  readonly input: Partial<AssumeRoleCommandInput>
  readonly status: number
  readonly code: string
  readonly message: string
}

const cases: readonly RejectionCase[] = [
  {
    claim: 'the external id of another integration',
    as: 'snowflake',
    input: { RoleArn: snowflakeRoleArn, ExternalId: 'ABC12345_SFCRole=9_other=' },
    status: 403,
    code: 'AccessDenied',
    message: notAuthorized(snowflakeUser, snowflakeRoleArn),
  },
  {
    claim: 'the external id in another case',
    as: 'snowflake',
    input: { RoleArn: snowflakeRoleArn, ExternalId: snowflakeExternalId.toLowerCase() },
    status: 403,
    code: 'AccessDenied',
    message: notAuthorized(snowflakeUser, snowflakeRoleArn),
  },
  {
    claim: 'no external id',
    as: 'snowflake',
    input: { RoleArn: snowflakeRoleArn },
    status: 403,
    code: 'AccessDenied',
    message: notAuthorized(snowflakeUser, snowflakeRoleArn),
  },
  {
    claim: 'a role that is not in the trust',
    as: 'analytics@prod',
    input: {},
    status: 403,
    code: 'AccessDenied',
    message: notAuthorized('arn:aws:sts::222222222222:assumed-role/LambdaRoleProd/analytics-prod', analyticsRoleArn),
  },
  {
    claim: 'a stranger',
    as: 'stranger',
    input: {},
    status: 403,
    code: 'AccessDenied',
    message: notAuthorized('arn:aws:iam::666666666666:user/stranger', analyticsRoleArn),
  },
  {
    claim: 'an administrator of the service’s own account whom the trust does not name',
    as: 'admin',
    input: {},
    status: 403,
    code: 'AccessDenied',
    message: notAuthorized('arn:aws:iam::111111111111:user/admin', analyticsRoleArn),
  },
  {
    claim: 'a role that does not exist, like one that is forbidden',
    as: 'analytics',
    input: { RoleArn: 'arn:aws:iam::111111111111:role/nobody' },
    status: 403,
    code: 'AccessDenied',
    message: notAuthorized(
      'arn:aws:sts::222222222222:assumed-role/LambdaRoleDeve/analytics',
      'arn:aws:iam::111111111111:role/nobody',
    ),
  },
  {
    claim: 'an expired session',
    as: 'expired',
    input: {},
    status: 403,
    code: 'ExpiredToken',
    message: 'The security token included in the request is expired',
  },
  {
    claim: 'a session name with a blank',
    as: 'analytics',
    input: { RoleSessionName: 'a session' },
    status: 400,
    code: 'ValidationError',
    message:
      "1 validation error detected: Value 'a session' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
  },
  {
    claim: 'two things wrong at once',
    as: 'analytics',
    input: { RoleArn: 'short', RoleSessionName: 'x' },
    status: 400,
    code: 'ValidationError',
    message:
      "2 validation errors detected: Value 'short' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20; Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
  },
  {
    claim: 'no role ARN',
    as: 'analytics',
    input: { RoleArn: undefined },
    status: 400,
    code: 'ValidationError',
    message:
      "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
  },
  {
    claim: 'an ARN that is no role’s',
    as: 'analytics',
    input: { RoleArn: 'arn:aws:iam::111111111111:user/admin' },
    status: 400,
    code: 'ValidationError',
    message: 'arn:aws:iam::111111111111:user/admin is invalid',
  },
  {
    claim: 'a duration under fifteen minutes',
    as: 'analytics',
    input: { DurationSeconds: 899 },
    status: 400,
    code: 'ValidationError',
    message:
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
  },
  {
    claim: 'a duration beyond an hour in a chain of roles',
    as: 'analytics',
    input: { DurationSeconds: 3_601 },
    status: 400,
    code: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
  },
  {
    claim: 'a duration beyond the role’s maximum',
    as: 'snowflake',
    input: { RoleArn: snowflakeRoleArn, ExternalId: snowflakeExternalId, DurationSeconds: 3_601 },
    status: 400,
    code: 'ValidationError',
    message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
  },
  {
    claim: 'tags that the trust does not allow',
    as: 'analytics',
    input: { Tags: [{ Key: 'team', Value: 'data' }] },
    status: 403,
    code: 'AccessDenied',
    message: notAuthorized(
      'arn:aws:sts::222222222222:assumed-role/LambdaRoleDeve/analytics',
      analyticsRoleArn,
    ).replaceAll('sts:AssumeRole', 'sts:TagSession'),
  },
  {
    claim: 'a source identity that the trust does not allow',
    as: 'analytics',
    input: { SourceIdentity: 'alice' },
    status: 403,
    code: 'AccessDenied',
    message: notAuthorized(
      'arn:aws:sts::222222222222:assumed-role/LambdaRoleDeve/analytics',
      analyticsRoleArn,
    ).replaceAll('sts:AssumeRole', 'sts:SetSourceIdentity'),
  },
  {
    claim: 'tags whose keys differ in case alone',
    as: 'analytics',
    input: {
      Tags: [
        { Key: 'team', Value: 'a' },
        { Key: 'TEAM', Value: 'b' },
      ],
    },
    status: 400,
    code: 'InvalidParameterValue',
    message: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
  },
]

for (const { claim, as, input, status, code, message } of cases) {
  test(`${claim} is rejected with ${status} ${code}`, async () => {
    await assert.rejects(
      assume(as, input),
      (error: { name: string; message: string; $metadata: { httpStatusCode?: number } }) => {
        assert.deepEqual(
          { status: error.$metadata.httpStatusCode, code: error.name, message: error.message },
          { status, code, message },
        )
        return true
      },
    )
  })
}

test('a session policy takes away what the caller role allows', async () => {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: 'arn:aws:execute-api:*:*:*/GET/hello' }],
  })
  const { Credentials: issued, PackedPolicySize } = await assume('analytics', { Policy })
  const keys = {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken,
  }
  const call = (method: string): Promise<StackResponse> => stack.send(sign({ path: '/dev/hello', method }, keys, stack))
  assert.ok((PackedPolicySize ?? 0) > 0)
  assert.equal((await call('GET')).status, 200)
  const rejected = await call('POST')
  assert.equal(rejected.status, 403)
  assert.match(rejected.body, / because no session policy allows the execute-api:Invoke action"\}$/)
})

test('a session policy that is no policy is rejected by name', async () => {
  await assert.rejects(assume('analytics', { Policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps"}]}' }), {
    name: 'MalformedPolicyDocumentException',
  })
})

const raw: readonly { claim: string; body: string; status: number; code: string; signed?: boolean }[] = [
  {
    claim: 'an unsigned call',
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
    status: 403,
    code: 'MissingAuthenticationToken',
    signed: false,
  },
  { claim: 'an unknown action', body: 'Action=Nope&Version=2011-06-15', status: 400, code: 'InvalidAction' },
  {
    claim: 'an unsupported action',
    body: 'Action=GetFederationToken&Version=2011-06-15',
    status: 501,
    code: 'LocalUnsupported',
  },
]

for (const { claim, body, status, code, signed = true } of raw) {
  test(`${claim} is answered with ${status} ${code} in XML`, async () => {
    const form = { path: '/', body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }
    const keys: Credentials = await stack.identity('admin')
    const answer = await stack.send(signed ? sign(form, keys, { ...stack, service: 'sts' }) : form)
    assert.equal(answer.status, status)
    assert.equal(answer.headers['content-type'], 'text/xml')
    assert.match(answer.body, new RegExp(`<Error><Type>Sender</Type><Code>${code}</Code><Message>.+</Message></Error>`))
  })
}
