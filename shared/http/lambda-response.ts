import { ServiceError } from '../errors/service-error.ts'

/** The function's response: a proxy response for API Gateway; the same without headers for a direct invocation. */
export interface LambdaResponse {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The runtime's limit for a serialized response. Above it Lambda reports Function.ResponseSizeTooLarge and the caller gets a
 * 502, which Snowflake retries. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const lambdaResponseLimit = 6_291_556

/** Returns the response, or throws ANSWER_TOO_LARGE with size and limit. The body must be JSON text. */
export const checkResponseSize = (response: LambdaResponse): LambdaResponse => {
  // A UTF-16 unit of JSON text serializes to at most three bytes: short bodies need no counting.
  if (response.body.length * 3 < lambdaResponseLimit - 1_000) return response
  const size = serializedSize(response)
  if (size <= lambdaResponseLimit) return response
  throw new ServiceError('ANSWER_TOO_LARGE', { detail: `It has ${size} bytes; the limit is ${lambdaResponseLimit}.` })
}

/**
 * Bytes of the response as JSON, counted instead of serialized again: JSON text has no control characters and no lone
 * surrogates, so escaping only affects quotation marks and backslashes.
 */
export const serializedSize = ({ body, ...rest }: LambdaResponse): number =>
  Buffer.byteLength(JSON.stringify({ ...rest, body: '' })) +
  Buffer.byteLength(body) +
  occurrences(body, '"') +
  occurrences(body, '\\')

const occurrences = (text: string, character: string): number => {
  let count = 0
  for (let index = text.indexOf(character); index >= 0; index = text.indexOf(character, index + 1)) count++
  return count
}
