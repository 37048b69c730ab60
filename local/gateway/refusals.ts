import type { JournalStep } from '../journal.ts'
import type { JsonRefusal } from '../json-refusals.ts'

/** Ends a request's way: thrown by the check that fails, answered and journalled in one place. */
export class Refused {
  readonly refusal: JsonRefusal
  readonly steps: readonly JournalStep[]
  /** What would have been let in. */
  readonly remedy: string

  constructor(refusal: JsonRefusal, steps: readonly JournalStep[], remedy: string) {
    this.refusal = refusal
    this.steps = steps
    this.remedy = remedy
  }
}

const refusal = (status: number, errorType: string, body: string): JsonRefusal => ({ status, errorType, body })

const message = (text: string) => JSON.stringify({ message: text })

/**
 * The gateway's refusals to the letter. D: documented at
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html or
 * https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden ; O: observed, recorded by the tests of
 * github.com/localstack/localstack; I: inferred. 5xx bodies have a blank after the colon (O).
 */
export const refusals = {
  /** No credentials, and just as well an unknown stage, resource or method: REST APIs never answer 404. D, O */
  missingAuthenticationToken: refusal(
    403,
    'MissingAuthenticationTokenException',
    message('Missing Authentication Token'),
  ),
  /** Body D, type I */
  unsupportedMediaType: refusal(415, 'BadRequestException', message('Unsupported Media Type')),
  /** An API key is asked for and missing; before the signature is looked at. D */
  forbidden: refusal(403, 'ForbiddenException', message('Forbidden')),
  /** D */
  requestTooLong: refusal(413, 'RequestTooLargeException', message('Request Too Long')),
  /** Text D, the rest I */
  uriTooLong: refusal(414, 'RequestTooLargeException', message('Request URI too long')),
  /** The function threw, timed out, crashed or answered in no proxy form. D, O */
  badGateway: refusal(502, 'InternalServerErrorException', '{"message": "Internal server error"}'),
  /**
   * API Gateway may not invoke the function (D, O), or Lambda refuses to run it (D:
   * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html ).
   */
  notInvocable: refusal(500, 'InternalServerErrorException', '{"message": "Internal server error"}'),
  /** D, O */
  timedOut: refusal(504, 'InternalServerErrorException', '{"message": "Endpoint request timed out"}'),
} as const

/** Access-denied bodies alone spell the key `Message`. O: github.com/serverless/serverless/issues/11808 */
export const accessDenied = (text: string): JsonRefusal =>
  refusal(403, 'AccessDeniedException', JSON.stringify({ Message: text }))
