import { ServiceError } from '../errors/index.ts'

/** What leaves the function: the proxy answer for API Gateway; for a direct caller the same without headers. */
export interface LambdaAnswer {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The runtime's limit on a serialized answer. Beyond it Lambda reports Function.ResponseSizeTooLarge and the caller sees a
 * 502, which Snowflake would retry. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const lambdaAnswerLimit = 6_291_556

/** The answer as it is, or ANSWER_TOO_LARGE with the limit and the size. */
export const withinLambdaLimit = (answer: LambdaAnswer): LambdaAnswer => {
  // One UTF-16 unit serializes to six bytes at most (\u001f), so short bodies need no measuring.
  if (answer.body.length * 6 < lambdaAnswerLimit - 1_000) return answer
  const size = Buffer.byteLength(JSON.stringify(answer))
  if (size <= lambdaAnswerLimit) return answer
  throw new ServiceError('ANSWER_TOO_LARGE', { detail: `It has ${size} bytes; ${lambdaAnswerLimit} are allowed.` })
}
