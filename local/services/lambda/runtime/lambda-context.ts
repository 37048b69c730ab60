import type { InvocationMessage } from './runtime-channel.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export const lambdaContext = (invocation: InvocationMessage, env: NodeJS.ProcessEnv) => {
  const deadline = Math.round(Date.now() + invocation.remainingMs)
  return {
    clientContext: invocation.clientContext === undefined ? undefined : JSON.parse(invocation.clientContext),
    identity: undefined,
    invokedFunctionArn: invocation.invokedFunctionArn,
    awsRequestId: invocation.requestId,
    tenantId: undefined,
    xRayTraceId: invocation.traceId,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
  }
}
