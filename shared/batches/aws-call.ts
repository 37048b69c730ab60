import { ServiceError } from '../errors/index.ts'
import type { AwsAnswer, AwsCall } from '../signing/index.ts'
import type { Pause } from './lease.ts'

/** Milliseconds: request timeout, and the delays before retries. */
const patience = 5_000
const pauses = [50, 200, 800]

/**
 * Returns a success, or an error type that the caller expects. Retries throttling and transient
 * errors, then throws BATCHES_UNREACHABLE; any other error is BATCHES_REFUSED without a retry.
 */
export const expectedAnswer = async (
  send: (call: AwsCall, signal: AbortSignal) => Promise<AwsAnswer>,
  call: AwsCall,
  pause: Pause,
  expected: readonly string[] = [],
): Promise<{ readonly body: string; readonly errorType: string | undefined }> => {
  let cause: unknown
  for (const wait of [...pauses, undefined]) {
    try {
      const { status, headers, body } = await send(call, AbortSignal.timeout(patience))
      if (status < 300) return { body, errorType: undefined }
      const errorType = errorTypeOf(headers, body)
      if (expected.includes(errorType)) return { body, errorType }
      cause = new Error(`${call.path} ${call.headers['x-amz-target'] ?? ''}: ${status} ${body}`)
      if (status < 500 && !throttled(status, errorType)) throw new ServiceError('BATCHES_REFUSED', { cause })
    } catch (error) {
      if (error instanceof ServiceError) throw error
      cause = error
    }
    if (wait !== undefined) await pause(wait)
  }
  throw new ServiceError('BATCHES_UNREACHABLE', { cause })
}

/** DynamoDB sends it in the body, `com.amazonaws.dynamodb.v20120810#ThrottlingException`; Lambda in a header. */
const errorTypeOf = (headers: Headers, body: string): string => {
  const named = headers.get('x-amzn-errortype') ?? /"__type"\s*:\s*"([^"]*)"/.exec(body)?.[1] ?? ''
  return named.replace(/^.*#/, '').replace(/:.*$/, '')
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const throttled = (status: number, errorType: string): boolean =>
  status === 429 || /^(Throttling|ProvisionedThroughputExceeded|RequestLimitExceeded)/.test(errorType)
