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

/** The answer as it is, or ANSWER_TOO_LARGE with the limit and the size. Its body is JSON text. */
export const withinLambdaLimit = (answer: LambdaAnswer): LambdaAnswer => {
  // Three bytes is the most that a UTF-16 unit of JSON text can become: what is short needs no counting.
  if (answer.body.length * 3 < lambdaAnswerLimit - 1_000) return answer
  const size = serializedSize(answer)
  if (size <= lambdaAnswerLimit) return answer
  throw new ServiceError('ANSWER_TOO_LARGE', { detail: `It has ${size} bytes; ${lambdaAnswerLimit} are allowed.` })
}

/**
 * Bytes of the answer as JSON, counted instead of written a second time: JSON text holds neither control characters nor
 * lone surrogates, so that nothing in the body grows but quotation marks and backslashes.
 */
export const serializedSize = ({ body, ...rest }: LambdaAnswer): number =>
  Buffer.byteLength(JSON.stringify({ ...rest, body: '' })) +
  Buffer.byteLength(body) +
  occurrences(body, '"') +
  occurrences(body, '\\')

const occurrences = (text: string, character: string): number => {
  let found = 0
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found++
  return found
}
