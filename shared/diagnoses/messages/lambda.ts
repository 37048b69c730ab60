import type { SystemMessages } from '../known-message.ts'

const recordings = 'https://github.com/localstack/localstack/tree/main/tests/aws/services/lambda_'
const runtime = 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html'
const denials = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html'

export const lambdaMessages: SystemMessages = {
  system: 'Lambda',
  messages: [
    {
      phrases: ['Task timed out after <number>.<number> seconds'],
      codes: ['Sandbox.Timedout'],
      summary: 'The function timed out.',
      causes: ['function-timeout-too-short'],
      source: recordings,
    },
    {
      phrases: ['Runtime exited without providing a reason', 'Runtime exited with error'],
      codes: ['Runtime.ExitError', 'Runtime.UnhandledPromiseRejection'],
      summary: 'The function’s process exited.',
      causes: ['function-crashes', 'function-memory-too-small'],
      source: recordings,
    },
    {
      phrases: ['Response payload size exceeded maximum allowed payload size (6291556 bytes)'],
      codes: ['Function.ResponseSizeTooLarge'],
      summary: 'The function’s response is too large.',
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
      summary: 'Lambda could not load the function.',
      causes: ['function-does-not-load'],
      source: runtime,
    },
    {
      phrases: [
        'Function not found: arn:<partition>:lambda:<region>:<account>:function:snowgate-<stage>-<function>',
        'Function not found: arn:<partition>:lambda:<region>:<account>:function:',
      ],
      summary: 'There is no such function in this account and region.',
      causes: ['not-deployed'],
      source: recordings,
    },
    {
      phrases: ['Rate Exceeded'],
      requiredCodes: ['TooManyRequestsException'],
      summary: 'The function has reached its concurrency limit.',
      causes: ['function-throttled'],
      source: 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html',
    },
    {
      phrases: ['byte payload is too large for the'],
      codes: ['RequestTooLargeException'],
      summary: 'The payload is larger than Lambda’s limit.',
      causes: ['request-too-large'],
      source: 'https://github.com/ASFHyP3/hyp3/issues/2241',
    },
    {
      phrases: ['Could not parse request body into json'],
      codes: ['InvalidRequestContentException'],
      summary: 'The payload of the invocation is not valid JSON.',
      causes: ['payload-not-json'],
      source: recordings,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: lambda:InvokeFunction on resource: arn:<partition>:lambda:<region>:<owner>:function:<function> because no resource-based policy allows',
      ],
      summary: 'The function’s resource policy does not allow the signer.',
      causes: ['caller-role-not-assumed', 'caller-not-in-map', 'map-not-deployed'],
      source: denials,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: lambda:InvokeFunction on resource: arn:<partition>:lambda:<region>:<owner>:function:<function> because no identity-based policy allows',
        'User: <who> is not authorized to perform: lambda:InvokeFunction on resource: arn:<partition>:lambda:<region>:<owner>:function:<function>',
      ],
      summary: 'The signer is not allowed to invoke the function directly.',
      causes: ['invoke-not-granted', 'caller-role-not-assumed', 'map-not-deployed'],
      source: denials,
    },
  ],
}
