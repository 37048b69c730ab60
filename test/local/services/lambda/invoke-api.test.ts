import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { WireRequest } from '../../../../local/http.ts'
import type { NamedPolicy, Principal } from '../../../../local/iam/index.ts'
import type { Invocation, InvocationResult } from '../../../../local/services/lambda/index.ts'
import { invokeApi, principal, wireRequest } from './invoke-requests.ts'

const arn = 'arn:aws:lambda:eu-central-1:111111111111:function:snowgate-dev-hello'
const path = '/2015-03-31/functions/snowgate-dev-hello/invocations'

const allow = (Resource: string, Action = 'lambda:InvokeFunction'): NamedPolicy => ({
  name: 'test/allow',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] },
})

const admin = principal({ identityPolicies: [allow('*', '*')] })
const callerWithoutPolicies = principal({})
const stranger = principal({ accountId: '222222222222', identityPolicies: [allow('*', '*')] })

const admitting = (AWS: string): NamedPolicy => ({
  name: 'resource policy of the function',
  document: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'lambda:InvokeFunction', Resource: arn }],
  },
})

const result: InvocationResult = { payload: '{"statusCode":200}', logTail: 'START\nEND é\n', durationMs: 1.5 }
const id = 'aaaaaaaa-0000-4000-8000-000000000001'

describe('an invocation that is allowed', () => {
  const cases: {
    readonly claim: string
    readonly request?: Partial<WireRequest> & { readonly headers?: Readonly<Record<string, string>> }
    readonly result?: Partial<InvocationResult>
    readonly status?: number
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
    readonly invocation?: Partial<Invocation> | 'none'
  }[] = [
    {
      claim: 'answers the result and the version',
      headers: { 'Content-Type': 'application/json', 'X-Amz-Executed-Version': '$LATEST', 'x-amzn-RequestId': id },
    },
    {
      claim: 'hands the body over as it stands',
      request: { body: Buffer.from(' {"big": 12345678901234567890, "a":1,\n"a":2} ') },
      invocation: { payload: ' {"big": 12345678901234567890, "a":1,\n"a":2} ' },
    },
    {
      claim: 'takes any JSON value for an event',
      request: { body: Buffer.from('"text"') },
      invocation: { payload: '"text"' },
    },
    { claim: 'makes {} of an empty body', request: { body: Buffer.alloc(0) }, invocation: { payload: '{}' } },
    {
      claim: 'takes six megabytes',
      request: { body: Buffer.from(`"${'x'.repeat(6_291_454)}"`) },
      invocation: { payload: `"${'x'.repeat(6_291_454)}"` },
    },
    {
      claim: 'stays 200 when the function failed, and says so in a header',
      result: { payload: '{"errorType":"Error"}', functionError: 'Unhandled', errorType: 'Error' },
      headers: {
        'Content-Type': 'application/json',
        'X-Amz-Executed-Version': '$LATEST',
        'X-Amz-Function-Error': 'Unhandled',
        'x-amzn-RequestId': id,
      },
      body: '{"errorType":"Error"}',
    },
    {
      claim: 'brings the tail of the log where asked',
      request: { headers: { 'X-Amz-Log-Type': 'Tail' } },
      headers: {
        'Content-Type': 'application/json',
        'X-Amz-Executed-Version': '$LATEST',
        'X-Amz-Log-Result': 'U1RBUlQKRU5EIMOpCg==',
        'x-amzn-RequestId': id,
      },
    },
    {
      claim: 'passes the client context on',
      request: { headers: { 'x-amz-client-context': Buffer.from('{"custom":{"é":1}}').toString('base64') } },
      invocation: { clientContext: '{"custom":{"é":1}}' },
    },
    {
      claim: 'of type Event is accepted, and its result unheard',
      request: { headers: { 'X-Amz-Invocation-Type': 'Event', 'X-Amz-Log-Type': 'Tail' } },
      status: 202,
      headers: { 'x-amzn-RequestId': id },
      body: '',
      invocation: {},
    },
    {
      claim: 'of type Event keeps the client context to itself',
      request: { headers: { 'X-Amz-Invocation-Type': 'Event', 'X-Amz-Client-Context': 'e30=' } },
      status: 202,
      headers: { 'x-amzn-RequestId': id },
      body: '',
      invocation: {},
    },
    {
      claim: 'of type DryRun runs nothing',
      request: { headers: { 'X-Amz-Invocation-Type': 'DryRun' } },
      status: 204,
      headers: { 'x-amzn-RequestId': id },
      body: '',
      invocation: 'none',
    },
    ...[
      path,
      `${path}?Other=1`,
      '/2015-03-31/functions/function:snowgate-dev-hello/invocations',
      '/2015-03-31/functions/111111111111:function:snowgate-dev-hello/invocations',
      '/2015-03-31/functions/eu-central-1:111111111111:function:snowgate-dev-hello/invocations',
      `/2015-03-31/functions/${arn}/invocations`,
      `/2015-03-31/functions/${encodeURIComponent(arn)}/invocations`,
      '/2015-03-31/functions/%73nowgate-dev-hello/invocations',
    ].map((target) => ({ claim: `is found by ${target}`, request: { target }, invocation: {} })),
    ...[
      `${path}?Qualifier=$LATEST`,
      `${path}?Qualifier=%24LATEST`,
      '/2015-03-31/functions/snowgate-dev-hello:$LATEST/invocations',
      `/2015-03-31/functions/${encodeURIComponent(`${arn}:$LATEST`)}/invocations?Qualifier=%24LATEST`,
    ].map((target) => ({
      claim: `is found by ${target}, and keeps its qualifier`,
      request: { target },
      invocation: { qualifier: '$LATEST' as const },
    })),
  ]
  for (const { claim, request = {}, result: given, status = 200, headers, body, invocation } of cases) {
    it(claim, async () => {
      const { api, invocations } = invokeApi({ result: { ...result, ...given } })
      const { answer, decision } = await api(wireRequest({ target: path, ...request }), admin)
      assert.deepEqual([answer.status, answer.body], [status, body ?? result.payload])
      if (headers) assert.deepEqual(answer.headers, headers)
      assert.equal(decision?.allowed, true)
      const expected = { payload: '{"name":"Alice"}', requestId: id, traceId: 'Root=1-test' }
      assert.deepEqual(
        invocations,
        invocation === 'none' ? [] : [['snowgate-dev-hello', { ...expected, ...invocation }]],
      )
    })
  }

  it('of type Event survives that the stack stops meanwhile', async () => {
    const { api } = invokeApi({ result: new Error('the local stack is stopping') })
    const request = wireRequest({ target: path, headers: { 'X-Amz-Invocation-Type': 'Event' } })
    assert.equal((await api(request, admin)).answer.status, 202)
    await new Promise(setImmediate)
  })
})

const pattern =
  '(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?'
const misnamed = (name: string) =>
  `Value '${name}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`
const functions = '/2015-03-31/functions'
const denied = (who: Principal, resource: string, suffix: string) =>
  `User: ${who.arn} is not authorized to perform: lambda:InvokeFunction on resource: ${resource}${suffix}`

interface RejectionCase {
  readonly claim: string
  readonly target?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly as?: Principal
  readonly policy?: NamedPolicy
  readonly status: number
  readonly errorType: string
  readonly message: string | RegExp
}

const noIdentityPolicy = ' because no identity-based policy allows the lambda:InvokeFunction action'
const noResourcePolicy = ' because no resource-based policy allows the lambda:InvokeFunction action'

const rejectionCases: readonly RejectionCase[] = [
  // Recorded by LocalStack from AWS, 25 November 2025: test_lambda_api, test_function_name_and_qualifier_validation.
  ...[
    '*',
    'my-function!',
    'invalid-account:function:my-function',
    'arn:aws:lambda:invalid-region:111111111111:function:my-function',
    'arn:aws:ec2:eu-central-1:111111111111:instance:i-1234567890abcdef0',
    'arn:aws:lambda:eu-central-1:111111111111:function:my-function:1:2',
    'function:my-function:$LATEST:extra',
    'arn:aws:lambda::111111111111:function:my-function',
    'arn:aws:lambda:eu-central-1::function:my-function',
    'arn:aws:lambda:eu-central-1:111111111111:function:my-function:$LATES',
    '%',
    '%zz',
  ].map((name) => ({
    claim: `a function cannot be called ${name}`,
    target: `${functions}/${name.startsWith('%') ? name : encodeURIComponent(name)}/invocations`,
    status: 400,
    errorType: 'ValidationException',
    message: `1 validation error detected: ${misnamed(name)}`,
  })),
  {
    claim: 'nor a qualifier invalid! (same recording)',
    target: `${functions}/my-function/invocations?Qualifier=invalid!`,
    status: 400,
    errorType: 'ValidationException',
    message:
      "1 validation error detected: Value 'invalid!' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+",
  },
  {
    claim: 'several errors are reported together, the qualifier first (same recording)',
    target: `${functions}/arn:aws:lambda:invalid-region:111111111111:function:f/invocations?Qualifier=${'a'.repeat(129)}`,
    status: 400,
    errorType: 'ValidationException',
    message: `2 validation errors detected: Value '${'a'.repeat(129)}' at 'qualifier' failed to satisfy constraint: Member must have length less than or equal to 128; ${misnamed('arn:aws:lambda:invalid-region:111111111111:function:f')}`,
  },
  {
    claim: 'two different qualifiers (same recording)',
    target: `${functions}/${arn}:$LATEST/invocations?Qualifier=1`,
    status: 400,
    errorType: 'InvalidParameterValueException',
    message: 'The derived qualifier from the function name does not match the specified qualifier.',
  },
  {
    claim: 'a qualifier in the wrong case names nothing (same recording)',
    target: `${path}?Qualifier=$latest`,
    status: 404,
    errorType: 'ResourceNotFoundException',
    message: `Function not found: ${arn}:$latest`,
  },
  {
    claim: 'a name of 65 characters names nothing (same recording)',
    target: `${functions}/${'a'.repeat(65)}/invocations`,
    status: 404,
    errorType: 'ResourceNotFoundException',
    message: `Function not found: arn:aws:lambda:eu-central-1:111111111111:function:${'a'.repeat(65)}:$LATEST`,
  },
  {
    claim: 'an incomplete ARN names a function called function (same recording)',
    target: `${functions}/arn:aws:lambda:eu-central-1:111111111111:function/invocations`,
    status: 404,
    errorType: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:eu-central-1:111111111111:function:function:$LATEST',
  },
  // Recorded: test_lambda, test_invoke_exceptions.
  {
    claim: 'no such function',
    target: `${functions}/doesnotexist/invocations`,
    status: 404,
    errorType: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:eu-central-1:111111111111:function:doesnotexist:$LATEST',
  },
  {
    claim: 'no such version or alias',
    target: `${path}?Qualifier=live`,
    status: 404,
    errorType: 'ResourceNotFoundException',
    message: `Function not found: ${arn}:live`,
  },
  {
    claim: 'a function of another region',
    target: `${functions}/arn:aws:lambda:ap-southeast-1:111111111111:function:snowgate-dev-hello/invocations`,
    status: 404,
    errorType: 'ResourceNotFoundException',
    message: "Functions from 'ap-southeast-1' are not reachable in this region ('eu-central-1')",
  },
  {
    claim: 'no invocation type',
    headers: { 'X-Amz-Invocation-Type': 'event' },
    status: 400,
    errorType: 'ValidationException',
    message:
      "1 validation error detected: Value 'event' at 'invocationType' failed to satisfy constraint: Member must satisfy enum value set: [Event, RequestResponse, DryRun]",
  },
  {
    claim: 'no log type',
    headers: { 'X-Amz-Log-Type': 'All' },
    status: 400,
    errorType: 'ValidationException',
    message:
      "1 validation error detected: Value 'All' at 'logType' failed to satisfy constraint: Member must satisfy enum value set: [None, Tail]",
  },
  {
    claim: 'one byte more than six megabytes',
    body: Buffer.from(`"${'x'.repeat(6_291_455)}"`),
    status: 413,
    errorType: 'RequestTooLargeException',
    message: '6291457 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)',
  },
  {
    claim: 'one byte more than one megabyte for an Event',
    headers: { 'X-Amz-Invocation-Type': 'Event' },
    body: Buffer.from(`"${'x'.repeat(1_048_575)}"`),
    status: 413,
    errorType: 'RequestTooLargeException',
    message: '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
  },
  ...['{name: "Alice"}', '{"a":1} {"b":2}', 'undefined', ' '].map((text) => ({
    claim: `a body that is not JSON: ${text}`,
    body: Buffer.from(text),
    status: 400,
    errorType: 'InvalidRequestContentException',
    message: /^Could not parse request body into json: Could not parse payload into json: \S/,
  })),
  {
    claim: 'a body that is not UTF-8',
    body: Buffer.from([0x22, 0x87, 0x22]),
    status: 400,
    errorType: 'InvalidRequestContentException',
    message: 'Could not parse request body into json: Could not parse payload into json: Invalid UTF-8',
  },
  ...[
    '{"custom":1}',
    'e30=e30=',
    Buffer.from('[]').toString('base64'),
    Buffer.from('null').toString('base64'),
    '%',
  ].map((context) => ({
    claim: `a client context that is no base64 of an object: ${context}`,
    headers: { 'X-Amz-Client-Context': context },
    status: 400,
    errorType: 'InvalidRequestContentException',
    message: 'Client context must be a valid Base64-encoded JSON object.',
  })),
  {
    claim: 'a client context that is too long',
    headers: { 'X-Amz-Client-Context': 'a'.repeat(3_584) },
    status: 400,
    errorType: 'InvalidRequestContentException',
    message: 'Client context must be at most 3583 bytes of Base64-encoded data.',
  },
  {
    claim: 'a caller without a policy',
    as: callerWithoutPolicies,
    status: 403,
    errorType: 'AccessDeniedException',
    message: denied(callerWithoutPolicies, arn, noIdentityPolicy),
  },
  {
    claim: 'a caller without a policy, before it learns that there is no such function',
    as: callerWithoutPolicies,
    target: `${functions}/doesnotexist/invocations`,
    status: 403,
    errorType: 'AccessDeniedException',
    message: denied(
      callerWithoutPolicies,
      'arn:aws:lambda:eu-central-1:111111111111:function:doesnotexist',
      noIdentityPolicy,
    ),
  },
  {
    claim: 'a caller without a policy, before its body is read',
    as: callerWithoutPolicies,
    body: Buffer.from('not JSON'),
    status: 403,
    errorType: 'AccessDeniedException',
    message: denied(callerWithoutPolicies, arn, noIdentityPolicy),
  },
  {
    claim: 'a caller that may invoke the function, by another ARN than the policy has',
    as: principal({ identityPolicies: [allow(arn)] }),
    target: `${path}?Qualifier=$LATEST`,
    status: 403,
    errorType: 'AccessDeniedException',
    message: denied(callerWithoutPolicies, `${arn}:$LATEST`, noIdentityPolicy),
  },
  {
    claim: 'a caller that is denied',
    as: principal({
      identityPolicies: [
        allow('*', '*'),
        { name: 'deny', document: { Statement: { Effect: 'Deny', Action: 'lambda:*', Resource: arn } } },
      ],
    }),
    status: 403,
    errorType: 'AccessDeniedException',
    message: denied(callerWithoutPolicies, arn, ' with an explicit deny in an identity-based policy'),
  },
  {
    claim: 'a caller of another account that the function does not admit',
    as: stranger,
    target: `${functions}/${arn}/invocations`,
    status: 403,
    errorType: 'AccessDeniedException',
    message: denied(stranger, arn, noResourcePolicy),
  },
  {
    claim: 'a caller of another account that only the function admits',
    as: principal({ accountId: '222222222222' }),
    policy: admitting('222222222222'),
    status: 403,
    errorType: 'AccessDeniedException',
    message: denied(stranger, arn, noIdentityPolicy),
  },
  {
    claim: 'a function of another account',
    as: admin,
    target: `${functions}/arn:aws:lambda:eu-central-1:222222222222:function:snowgate-dev-hello/invocations`,
    status: 403,
    errorType: 'AccessDeniedException',
    message: denied(admin, 'arn:aws:lambda:eu-central-1:222222222222:function:snowgate-dev-hello', noResourcePolicy),
  },
  {
    claim: 'a policy that cannot be evaluated',
    as: principal({ identityPolicies: [{ name: 'odd', document: { Statement: { Effect: 'Perhaps' } } }] }),
    status: 501,
    errorType: 'LocalUnsupported',
    message: /^The local stack cannot evaluate a policy of this request: .*odd/,
  },
  ...[
    ['GET', '/2015-03-31/functions'],
    ['GET', '/2015-03-31/functions/snowgate-dev-hello'],
    ['GET', path],
    ['POST', '/2015-03-31/functions'],
    ['POST', '/2014-11-13/functions/snowgate-dev-hello/invoke-async'],
    ['POST', '/2021-11-15/functions/snowgate-dev-hello/response-streaming-invocations'],
    ['POST', '/'],
    ['POST', `${path}/`],
    ['POST', `/${path}`],
  ].map(([method = '', target = '']) => ({
    claim: `another operation: ${method} ${target}`,
    method,
    target: `${target}?X-Amz-Signature=secret`,
    status: 501,
    errorType: 'LocalUnsupported',
    message: `The local stack does not imitate ${method} ${target} of the Lambda API.`,
  })),
  ...['X-Amz-Tenant-Id', 'X-Amz-Durable-Execution-Name'].map((name) => ({
    claim: `a parameter: ${name}`,
    headers: { [name]: 'a' },
    status: 501,
    errorType: 'LocalUnsupported',
    message: `The local stack does not imitate the header ${name} of Invoke.`,
  })),
]

describe('an invocation is rejected for', () => {
  for (const { claim, as = admin, policy, status, errorType, message, ...request } of rejectionCases) {
    it(claim, async () => {
      const { api, invocations } = invokeApi({ result, ...(policy && { policy }) })
      const { answer, decision, explanation } = await api(wireRequest({ target: path, ...request }), as)
      const body = JSON.parse(`${answer.body}`)
      assert.deepEqual(
        [answer.status, answer.headers],
        [status, { 'Content-Type': 'application/json', 'x-amzn-ErrorType': errorType, 'x-amzn-RequestId': id }],
      )
      const { message: lowerCase, Message = lowerCase, ...rest } = body
      assert.deepEqual(rest, errorType === 'ValidationException' ? {} : { Type: 'User' })
      if (typeof message === 'string') assert.equal(Message, message)
      else assert.match(Message, message)
      assert.ok(explanation.length > 0)
      assert.equal(explanation.join().includes('secret'), false)
      if (errorType === 'AccessDeniedException') assert.equal(decision?.allowed, false)
      assert.deepEqual(invocations, [])
    })
  }
})

describe('who may invoke', () => {
  const cases = [
    { claim: 'same account, by its own policy', as: principal({ identityPolicies: [allow(arn)] }) },
    {
      claim: 'same account, by the policy of the function',
      as: callerWithoutPolicies,
      policy: admitting(callerWithoutPolicies.principalArn),
    },
    { claim: 'another account, by both', as: stranger, policy: admitting('222222222222') },
    {
      claim: 'with a qualifier, who may do it with any',
      as: principal({ identityPolicies: [allow(`${arn}:*`)] }),
      target: `${path}?Qualifier=$LATEST`,
    },
  ]
  for (const { claim, as, policy, target = path } of cases) {
    it(claim, async () => {
      const { api, invocations } = invokeApi({ result, ...(policy && { policy }) })
      const { answer, decision } = await api(wireRequest({ target }), as)
      assert.deepEqual([answer.status, decision?.allowed, invocations.length], [200, true, 1])
    })
  }

  it('may depend on the request itself', async () => {
    const { api } = invokeApi({ result })
    const Statement = {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.1/32' } },
    }
    const local = principal({ identityPolicies: [{ name: 'local', document: { Statement } }] })
    assert.equal((await api(wireRequest({ target: path }), local)).answer.status, 200)
    assert.equal((await api(wireRequest({ target: path, sourceIp: '10.0.0.1' }), local)).answer.status, 403)
  })
})
