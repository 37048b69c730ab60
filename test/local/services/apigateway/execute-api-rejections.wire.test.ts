import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import {
  type Credentials,
  type RunningStack,
  runningStack,
  type StackIdentity,
  type StackRequest,
  sign,
} from '../../running-stack.ts'

let stack: RunningStack
let callerRoleSession: Credentials

before(async () => {
  stack = await runningStack()
  callerRoleSession = await assumeCallerRole(await stack.identity('analytics'))
})
after(() => stack.stop())

const assumeCallerRole = async ({
  callerRoleArn,
  externalId,
  endpoints,
  region,
  sessionToken,
  ...keys
}: StackIdentity): Promise<Credentials> => {
  const sts = new STSClient({
    endpoint: endpoints.aws,
    region,
    credentials: { ...keys, ...(sessionToken && { sessionToken }) },
  })
  const { Credentials: issued } = await sts.send(
    new AssumeRoleCommand({
      RoleArn: callerRoleArn,
      RoleSessionName: 'test',
      ...(externalId && { ExternalId: externalId }),
    }),
  )
  return {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken,
  }
}

const hello: StackRequest = { path: '/dev/hello', body: '{"name":"Alice"}' }

const acceptedRequests: readonly {
  claim: string
  request: () => StackRequest | Promise<StackRequest>
  body?: string
}[] = [
  { claim: 'header form', request: () => sign(hello, callerRoleSession, stack) },
  {
    claim: 'query form, without a body',
    request: () =>
      sign({ path: '/dev/hello?name=Alice', method: 'GET' }, callerRoleSession, { ...stack, signQuery: true }),
  },
  { claim: 'PUT where the route says so', request: () => sign({ ...hello, method: 'PUT' }, callerRoleSession, stack) },
  {
    claim: 'a clock four minutes behind',
    request: () => sign(hello, callerRoleSession, { ...stack, date: minutesFromNow(-4) }),
  },
  {
    claim: 'a clock four minutes ahead',
    request: () => sign(hello, callerRoleSession, { ...stack, date: minutesFromNow(4) }),
  },
]

for (const { claim, request, body = '"Hello, Alice"' } of acceptedRequests) {
  test(`${claim} is allowed`, async () => {
    const answer = await stack.send(await request())
    assert.deepEqual({ status: answer.status, body: answer.body }, { status: 200, body })
    assert.match(String(answer.headers['x-amzn-requestid']), /^[0-9a-f-]{36}$/)
    assert.equal(answer.errorType, undefined)
  })
}

const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000)

interface RejectionCase {
  readonly claim: string
  readonly request: () => StackRequest | Promise<StackRequest>
  readonly status?: number
  readonly errorType: string
  readonly body: RegExp
  /** What the journal must name as the check that failed. */
  readonly check: string
}

const mismatch =
  /^\{"message":"The request signature we calculated does not match the signature you provided\. Check your AWS Secret Access Key and signing method\. Consult the service documentation for details\.\\n\\nThe Canonical String for this request should have been\\n'[^']*'\\n\\nThe String-to-Sign should have been\\n'[^']*'\\n"\}$/
const missing = /^\{"message":"Missing Authentication Token"\}$/
const invalidToken = /^\{"message":"The security token included in the request is invalid\.?"\}$/
const denied = (suffix: string, request = 'POST/hello') =>
  new RegExp(
    `^\\{"Message":"User: arn:aws:\\S+ is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-central-1:\\*{8}1111:[a-z0-9]{10}/dev/${request}${suffix}"\\}$`,
  )

const cases: readonly RejectionCase[] = [
  {
    claim: 'unsigned',
    request: () => hello,
    errorType: 'MissingAuthenticationTokenException',
    body: missing,
    check: 'presence',
  },
  {
    claim: 'an unknown route, unsigned',
    request: () => ({ path: '/dev/nope' }),
    errorType: 'MissingAuthenticationTokenException',
    body: missing,
    check: 'route',
  },
  {
    claim: 'an unknown route, signed',
    request: () => sign({ path: '/dev/nope' }, callerRoleSession, stack),
    errorType: 'MissingAuthenticationTokenException',
    body: missing,
    check: 'route',
  },
  {
    claim: 'another stage',
    request: () => sign({ ...hello, path: '/prod/hello' }, callerRoleSession, stack),
    errorType: 'MissingAuthenticationTokenException',
    body: missing,
    check: 'route',
  },
  {
    claim: 'a method the API lacks',
    request: () => sign({ path: '/dev/hello', method: 'DELETE' }, callerRoleSession, stack),
    errorType: 'MissingAuthenticationTokenException',
    body: missing,
    check: 'route',
  },
  {
    claim: 'a bearer token at an unknown route',
    request: () => ({ path: '/dev/nope', headers: { Authorization: 'Bearer abc' } }),
    errorType: 'IncompleteSignatureException',
    body: /^\{"message":"Invalid key=value pair \(missing equal-sign\) in Authorization header/,
    check: 'route',
  },
  {
    claim: 'a wrong secret',
    request: () => sign(hello, { ...callerRoleSession, secretAccessKey: 'x'.repeat(40) }, stack),
    errorType: 'InvalidSignatureException',
    body: mismatch,
    check: 'signature',
  },
  {
    claim: 'a body changed after signing',
    request: () => ({ ...sign(hello, callerRoleSession, stack), body: '{"name":"Mallo"}' }),
    errorType: 'InvalidSignatureException',
    body: mismatch,
    check: 'signature',
  },
  {
    claim: 'a method changed after signing',
    request: () => ({ ...sign(hello, callerRoleSession, stack), method: 'PUT' }),
    errorType: 'InvalidSignatureException',
    body: mismatch,
    check: 'signature',
  },
  {
    claim: 'a query added after signing',
    request: () => ({ ...sign(hello, callerRoleSession, stack), path: '/dev/hello?name=Mallory' }),
    errorType: 'InvalidSignatureException',
    body: mismatch,
    check: 'signature',
  },
  {
    claim: 'a clock six minutes behind',
    request: () => sign(hello, callerRoleSession, { ...stack, date: minutesFromNow(-6) }),
    errorType: 'InvalidSignatureException',
    body: /^\{"message":"Signature expired: \d{8}T\d{6}Z is now earlier than \d{8}T\d{6}Z \(\d{8}T\d{6}Z - 5 min\.\)"\}$/,
    check: 'clock',
  },
  {
    claim: 'a clock six minutes ahead',
    request: () => sign(hello, callerRoleSession, { ...stack, date: minutesFromNow(6) }),
    errorType: 'InvalidSignatureException',
    body: /^\{"message":"Signature not yet current: \d{8}T\d{6}Z is still later than \d{8}T\d{6}Z \(\d{8}T\d{6}Z \+ 5 min\.\)"\}$/,
    check: 'clock',
  },
  {
    claim: 'a wrong region',
    request: () => sign(hello, callerRoleSession, { ...stack, region: 'us-east-1' }),
    errorType: 'InvalidSignatureException',
    body: /^\{"message":"Credential should be scoped to a valid region, not 'us-east-1'\. "\}$/,
    check: 'scope',
  },
  {
    claim: 'a wrong service',
    request: () => sign(hello, callerRoleSession, { ...stack, service: 'lambda' }),
    errorType: 'InvalidSignatureException',
    body: /^\{"message":"Credential should be scoped to correct service: 'execute-api'\. "\}$/,
    check: 'scope',
  },
  {
    claim: 'an unknown key',
    request: () => sign(hello, { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' }, stack),
    errorType: 'UnrecognizedClientException',
    body: invalidToken,
    check: 'key',
  },
  {
    claim: 'a token of another session',
    request: async () =>
      sign(hello, { ...callerRoleSession, sessionToken: (await stack.identity('expired')).sessionToken }, stack),
    errorType: 'UnrecognizedClientException',
    body: invalidToken,
    check: 'token',
  },
  {
    claim: 'a temporary key without its token',
    request: () => sign(hello, { ...callerRoleSession, sessionToken: undefined }, stack),
    errorType: 'UnrecognizedClientException',
    body: invalidToken,
    check: 'key',
  },
  {
    claim: 'an expired session',
    request: async () => sign(hello, await stack.identity('expired'), stack),
    errorType: 'ExpiredTokenException',
    body: /^\{"message":"The security token included in the request is expired"\}$/,
    check: 'token',
  },
  {
    claim: 'SigV4a',
    request: () => ({
      ...hello,
      headers: { Authorization: 'AWS4-ECDSA-P256-SHA256 Credential=a/b, SignedHeaders=host, Signature=00' },
    }),
    errorType: 'IncompleteSignatureException',
    body: /^\{"message":"Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'\."\}$/,
    check: 'algorithm',
  },
  {
    claim: "an administrator of the service's account",
    request: async () => sign(hello, await stack.identity('admin'), stack),
    errorType: 'AccessDeniedException',
    body: denied(' with an explicit deny in a resource-based policy'),
    check: 'resource-based policy',
  },
  {
    claim: 'a stranger',
    request: async () => sign(hello, await stack.identity('stranger'), stack),
    errorType: 'AccessDeniedException',
    body: denied(' with an explicit deny in a resource-based policy'),
    check: 'resource-based policy',
  },
  {
    claim: 'a caller that did not assume its caller role',
    request: async () => sign(hello, await stack.identity('analytics'), stack),
    errorType: 'AccessDeniedException',
    body: denied(' with an explicit deny in a resource-based policy'),
    check: 'resource-based policy',
  },
  {
    claim: 'a route that the caller role does not allow',
    request: async () =>
      sign({ ...hello, method: 'PUT' }, await assumeCallerRole(await stack.identity('snowflake')), stack),
    errorType: 'AccessDeniedException',
    body: denied(' because no identity-based policy allows the execute-api:Invoke action', 'PUT/hello'),
    check: 'identity-based policy',
  },
  {
    claim: 'a Content-Encoding that the body does not have',
    request: () => sign({ ...hello, headers: { 'Content-Encoding': 'gzip' } }, callerRoleSession, stack),
    status: 415,
    errorType: 'BadRequestException',
    body: /^\{"message":"Unsupported Media Type"\}$/,
    check: 'content encoding',
  },
  {
    claim: 'a body beyond 10 MB',
    request: () => sign({ ...hello, body: 'x'.repeat(10_485_761) }, callerRoleSession, stack),
    status: 413,
    errorType: 'RequestTooLargeException',
    body: /^\{"message":"Request Too Long"\}$/,
    check: 'size',
  },
  {
    claim: 'headers beyond 10,240 bytes',
    request: () => sign({ ...hello, headers: { 'X-Long': 'x'.repeat(10_240) } }, callerRoleSession, stack),
    status: 413,
    errorType: 'RequestTooLargeException',
    body: /^\{"message":"Request Too Long"\}$/,
    check: 'size',
  },
]

for (const { claim, request, status = 403, errorType, body, check } of cases) {
  test(`${claim} is rejected with ${status} ${errorType}`, async () => {
    const answer = await stack.send(await request())
    assert.deepEqual({ status: answer.status, errorType: answer.errorType }, { status, errorType })
    assert.match(answer.body, body)
    assert.equal(answer.headers['content-type'], 'application/json')

    const entry = await stack.decision(answer)
    assert.equal(entry.outcome, 'rejected')
    assert.ok(entry.fix, 'what would have been let in')
    const failed = entry.steps.filter(({ outcome }) => outcome !== 'passed').map(({ check }) => check)
    assert.ok(failed.includes(check), `${check} is not among ${JSON.stringify(entry.steps, undefined, 1)}`)
    assert.ok(
      stack.log.some((line) => line.includes(entry.requestId)),
      'the log tells of it',
    )
  })
}

test('no secret and no session token stands in the log', async () => {
  const keys = [callerRoleSession, await stack.identity('expired'), await stack.identity('admin')]
  const log = stack.log.join('\n')
  for (const { secretAccessKey, sessionToken } of keys) {
    assert.ok(!log.includes(secretAccessKey))
    if (sessionToken) assert.ok(!log.includes(sessionToken))
  }
})
