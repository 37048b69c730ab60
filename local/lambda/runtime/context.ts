import type { Order } from './messages.ts'

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
export const context = (order: Order, env: NodeJS.ProcessEnv) => {
  const deadline = Math.round(Date.now() + order.remaining)
  return {
    clientContext: order.clientContext === undefined ? undefined : JSON.parse(order.clientContext),
    identity: undefined,
    invokedFunctionArn: order.invokedFunctionArn,
    awsRequestId: order.requestId,
    tenantId: undefined,
    xRayTraceId: order.traceId,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    functionName: env['AWS_LAMBDA_FUNCTION_NAME'],
    functionVersion: env['AWS_LAMBDA_FUNCTION_VERSION'],
    memoryLimitInMB: env['AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
    logGroupName: env['AWS_LAMBDA_LOG_GROUP_NAME'],
    logStreamName: env['AWS_LAMBDA_LOG_STREAM_NAME'],
  }
}
