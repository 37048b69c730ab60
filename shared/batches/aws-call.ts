import { ServiceError } from '../errors/index.ts'
import type { AwsAnswer, AwsCall } from '../signing/index.ts'
import type { Pause } from './lease.ts'

/** Milliseconds after which a request is given up, and the pauses before it is sent again. */
const patience = 5_000
const pauses = [50, 200, 800]

/**
 * An answer that is a success, or one of the refusals that the sender expects, by its error type. Throttling and what passes
 * by itself is tried again, and BATCHES_UNREACHABLE in the end; any other refusal is BATCHES_REFUSED at once.
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

/** Of DynamoDB the body names it, `com.amazonaws.dynamodb.v20120810#ThrottlingException`; of Lambda a header. */
const errorTypeOf = (headers: Headers, body: string): string => {
  const named = headers.get('x-amzn-errortype') ?? /"__type"\s*:\s*"([^"]*)"/.exec(body)?.[1] ?? ''
  return named.replace(/^.*#/, '').replace(/:.*$/, '')
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const throttled = (status: number, errorType: string): boolean =>
  status === 429 || /^(Throttling|ProvisionedThroughputExceeded|RequestLimitExceeded)/.test(errorType)
