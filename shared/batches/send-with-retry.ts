import type { AwsApiRequest, AwsApiResponse } from '../aws/aws-api-client.ts'
import { ServiceError } from '../errors/service-error.ts'
import type { Sleep } from './worker-lock.ts'

/** Milliseconds: request timeout, and the delays before retries. */
const requestTimeoutMs = 5_000
const retryDelaysMs = [50, 200, 800]

/**
 * Returns a success, or an error type that the caller expects. Retries throttling and transient
 * errors, then throws BATCHES_UNREACHABLE; any other error is BATCHES_REFUSED without a retry.
 */
export const sendWithRetry = async (
  send: (call: AwsApiRequest, signal: AbortSignal) => Promise<AwsApiResponse>,
  call: AwsApiRequest,
  sleep: Sleep,
  expected: readonly string[] = [],
): Promise<{ readonly body: string; readonly errorType: string | undefined }> => {
  let cause: unknown
  for (const delayMs of [...retryDelaysMs, undefined]) {
    try {
      const { status, headers, body } = await send(call, AbortSignal.timeout(requestTimeoutMs))
      if (status < 300) return { body, errorType: undefined }
      const errorType = readErrorType(headers, body)
      if (expected.includes(errorType)) return { body, errorType }
      cause = new Error(`${call.path} ${call.headers['x-amz-target'] ?? ''}: ${status} ${body}`)
      if (status < 500 && !isThrottled(status, errorType)) throw new ServiceError('BATCHES_REFUSED', { cause })
    } catch (error) {
      if (error instanceof ServiceError) throw error
      cause = error
    }
    if (delayMs !== undefined) await sleep(delayMs)
  }
  throw new ServiceError('BATCHES_UNREACHABLE', { cause })
}

/** DynamoDB sends it in the body, `com.amazonaws.dynamodb.v20120810#ThrottlingException`; Lambda in a header. */
const readErrorType = (headers: Headers, body: string): string => {
  const named = headers.get('x-amzn-errortype') ?? /"__type"\s*:\s*"([^"]*)"/.exec(body)?.[1] ?? ''
  return named.replace(/^.*#/, '').replace(/:.*$/, '')
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const isThrottled = (status: number, errorType: string): boolean =>
  status === 429 || /^(Throttling|ProvisionedThroughputExceeded|RequestLimitExceeded)/.test(errorType)
