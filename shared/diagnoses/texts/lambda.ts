import type { SystemTexts } from '../error-text.ts'

const recordings = 'https://github.com/localstack/localstack/tree/main/tests/aws/services/lambda_'
const runtime = 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html'
const denials = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html'

export const lambdaTexts: SystemTexts = {
  system: 'Lambda',
  texts: [
    {
      says: ['Task timed out after <number>.<number> seconds'],
      codes: ['Sandbox.Timedout'],
      means: 'The function timed out.',
      causes: ['function-timeout-too-short'],
      source: recordings,
    },
    {
      says: ['Runtime exited without providing a reason', 'Runtime exited with error'],
      codes: ['Runtime.ExitError', 'Runtime.UnhandledPromiseRejection'],
      means: 'The function’s process exited.',
      causes: ['function-crashes', 'function-memory-too-small'],
      source: recordings,
    },
    {
      says: ['Response payload size exceeded maximum allowed payload size (6291556 bytes)'],
      codes: ['Function.ResponseSizeTooLarge'],
      means: 'The function’s response is too large.',
      causes: ['answer-too-large'],
      source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
    },
    {
      codes: [
        'Runtime.ImportModuleError',
        'Runtime.HandlerNotFound',
        'Runtime.UserCodeSyntaxError',
        'Runtime.MalformedHandlerName',
        'Runtime.CallbackHandlerDeprecated',
      ],
      means: 'Lambda could not load the function.',
      causes: ['function-does-not-load'],
      source: runtime,
    },
    {
      says: [
        'Function not found: arn:<partition>:lambda:<region>:<account>:function:snowgate-<stage>-<function>',
        'Function not found: arn:<partition>:lambda:<region>:<account>:function:',
      ],
      means: 'There is no such function in this account and region.',
      causes: ['not-deployed'],
      source: recordings,
    },
    {
      says: ['Rate Exceeded'],
      beside: ['TooManyRequestsException'],
      means: 'The function has reached its concurrency limit.',
      causes: ['function-throttled'],
      source: 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html',
    },
    {
      says: ['byte payload is too large for the'],
      codes: ['RequestTooLargeException'],
      means: 'The payload is larger than Lambda’s limit.',
      causes: ['request-too-large'],
      source: 'https://github.com/ASFHyP3/hyp3/issues/2241',
    },
    {
      says: ['Could not parse request body into json'],
      codes: ['InvalidRequestContentException'],
      means: 'The payload of the invocation is not valid JSON.',
      causes: ['payload-not-json'],
      source: recordings,
    },
    {
      says: [
        'User: <who> is not authorized to perform: lambda:InvokeFunction on resource: arn:<partition>:lambda:<region>:<owner>:function:<function> because no resource-based policy allows',
      ],
      means: 'The function’s resource policy does not allow the signer.',
      causes: ['caller-role-not-assumed', 'caller-not-in-map', 'map-not-deployed'],
      source: denials,
    },
    {
      says: [
        'User: <who> is not authorized to perform: lambda:InvokeFunction on resource: arn:<partition>:lambda:<region>:<owner>:function:<function> because no identity-based policy allows',
        'User: <who> is not authorized to perform: lambda:InvokeFunction on resource: arn:<partition>:lambda:<region>:<owner>:function:<function>',
      ],
      means: 'The signer is not allowed to invoke the function directly.',
      causes: ['invoke-not-granted', 'caller-role-not-assumed', 'map-not-deployed'],
      source: denials,
    },
  ],
}
