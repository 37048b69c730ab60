import type { JournalStep } from '../../journal.ts'
import type { JsonRejection } from '../../service/rest-json-protocol.ts'

/** Rejects a request: thrown by the failed check, answered and recorded in one place. */
export class ExecuteApiRejected {
  readonly rejection: JsonRejection
  readonly steps: readonly JournalStep[]
  /** What would have been allowed. */
  readonly fix: string

  constructor(rejection: JsonRejection, steps: readonly JournalStep[], fix: string) {
    this.rejection = rejection
    this.steps = steps
    this.fix = fix
  }
}

const rejection = (status: number, errorType: string, body: string): JsonRejection => ({ status, errorType, body })

const message = (text: string) => JSON.stringify({ message: text })

/**
 * The gateway's refusals to the letter. D: documented at
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html or
 * https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden ; O: observed, recorded by the tests of
 * github.com/localstack/localstack; I: inferred. 5xx bodies have a blank after the colon (O).
 */
export const executeApiRejections = {
  /** No credentials, and just as well an unknown stage, resource or method: REST APIs never answer 404. D, O */
  missingAuthenticationToken: rejection(
    403,
    'MissingAuthenticationTokenException',
    message('Missing Authentication Token'),
  ),
  /** Body D, type I */
  unsupportedMediaType: rejection(415, 'BadRequestException', message('Unsupported Media Type')),
  /** The method requires an API key and there is none; checked before the signature. D */
  forbidden: rejection(403, 'ForbiddenException', message('Forbidden')),
  /** D */
  requestTooLong: rejection(413, 'RequestTooLargeException', message('Request Too Long')),
  /** Text D, the rest I */
  uriTooLong: rejection(414, 'RequestTooLargeException', message('Request URI too long')),
  /** The function threw, timed out, crashed or answered in no proxy form. D, O */
  badGateway: rejection(502, 'InternalServerErrorException', '{"message": "Internal server error"}'),
  /**
   * API Gateway may not invoke the function (D, O), or Lambda refuses to run it (D:
   * https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway-errors.html ).
   */
  notInvocable: rejection(500, 'InternalServerErrorException', '{"message": "Internal server error"}'),
  /** D, O */
  timedOut: rejection(504, 'InternalServerErrorException', '{"message": "Endpoint request timed out"}'),
} as const

/** Access-denied bodies alone spell the key `Message`. O: github.com/serverless/serverless/issues/11808 */
export const accessDeniedRejection = (text: string): JsonRejection =>
  rejection(403, 'AccessDeniedException', JSON.stringify({ Message: text }))
