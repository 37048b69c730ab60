import type { WireResponse } from '../../http.ts'
import type { Decision } from '../../iam/index.ts'

/** What a refused caller reads, and for the stack's log why. */
export interface InvokeRejection {
  readonly status: number
  readonly errorType: string
  readonly message: string
  readonly explanation: readonly string[]
}

/**
 * The errors of Invoke. Status and name are those of https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors ;
 * where the words come from stands beside each. Recordings are those of https://github.com/localstack/localstack ,
 * tests/aws/services/lambda_/*.snapshot.json.
 */
export const invokeRejections = {
  /** Recorded (test_lambda_api, test_function_name_and_qualifier_validation), body in lower case. */
  invalid: (violations: readonly string[]): InvokeRejection => ({
    status: 400,
    errorType: 'ValidationException',
    message: `${violations.length} validation error${violations.length === 1 ? '' : 's'} detected: ${violations.join('; ')}`,
    explanation: violations,
  }),
  /** Same recording. */
  qualifiersDiffer: (): InvokeRejection => ({
    status: 400,
    errorType: 'InvalidParameterValueException',
    message: 'The derived qualifier from the function name does not match the specified qualifier.',
    explanation: ['the path and the parameter Qualifier name two different qualifiers'],
  }),
  /** Recorded (test_lambda_api, test_function_arns) of another operation on functions. */
  otherRegion: (requested: string, region: string): InvokeRejection => ({
    status: 404,
    errorType: 'ResourceNotFoundException',
    message: `Functions from '${requested}' are not reachable in this region ('${region}')`,
    explanation: [`the function's ARN is of ${requested}, the stack of ${region}`],
  }),
  /** Recorded (test_lambda, test_invoke_exceptions); before late 2025 the ARN came without `:$LATEST`. */
  notFound: (qualifiedArn: string, explanation: string): InvokeRejection => ({
    status: 404,
    errorType: 'ResourceNotFoundException',
    message: `Function not found: ${qualifiedArn}`,
    explanation: [explanation],
  }),
  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html */
  denied: (
    principalArn: string,
    resource: string,
    suffix: string,
    explanation: readonly string[],
  ): InvokeRejection => ({
    status: 403,
    errorType: 'AccessDeniedException',
    message: `User: ${principalArn} is not authorized to perform: lambda:InvokeFunction on resource: ${resource}${suffix}`,
    explanation,
  }),
  /**
   * The name is the API model's. The words were observed with RequestEntityTooLargeException for a name:
   * https://github.com/ASFHyP3/hyp3/issues/2241
   */
  tooLarge: (size: number, invocationType: string, limit: number): InvokeRejection => ({
    status: 413,
    errorType: 'RequestTooLargeException',
    message: `${size} byte payload is too large for the ${invocationType} invocation type (limit ${limit} bytes)`,
    explanation: [`the body has ${size} bytes; ${invocationType} takes ${limit}`],
  }),
  /** The two beginnings are recorded (test_lambda, invalid payload); what follows is Jackson's on Lambda and Node's here. */
  notJson: (words: string): InvokeRejection => ({
    status: 400,
    errorType: 'InvalidRequestContentException',
    message: `Could not parse request body into json: Could not parse payload into json: ${words}`,
    explanation: ['the body is not JSON text in UTF-8'],
  }),
  /** https://github.com/boto/boto3/issues/2153 */
  clientContext: (): InvokeRejection => ({
    status: 400,
    errorType: 'InvalidRequestContentException',
    message: 'Client context must be a valid Base64-encoded JSON object.',
    explanation: ['X-Amz-Client-Context is not the base64 of a JSON object'],
  }),
  /** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors ; the member Reason is left out. */
  throttled: (name: string): InvokeRejection => ({
    status: 429,
    errorType: 'TooManyRequestsException',
    message: 'Rate Exceeded.',
    explanation: [`the reserved concurrency of ${name} is 0: it runs nothing`],
  }),
  /** The limit is documented, the words are ours. */
  clientContextTooLong: (size: number, limit: number): InvokeRejection => ({
    status: 400,
    errorType: 'InvalidRequestContentException',
    message: `Client context must be at most ${limit} bytes of Base64-encoded data.`,
    explanation: [`X-Amz-Client-Context has ${size} bytes; ${limit} are allowed`],
  }),
  /** These two are no answers of AWS. */
  unsupported: (what: string): InvokeRejection => ({
    status: 501,
    errorType: 'LocalUnsupported',
    message: `The local stack does not imitate ${what}.`,
    explanation: [`${what} is not imitated`],
  }),
  unsupportedPolicy: (message: string): InvokeRejection => ({
    status: 501,
    errorType: 'LocalUnsupported',
    message: `The local stack cannot evaluate a policy of this request: ${message}`,
    explanation: [message],
  }),
} as const

/** A request that goes no further. */
export class InvokeRejected extends Error {
  override readonly name = 'InvokeRejected'
  readonly rejection: InvokeRejection
  /** Where policies were evaluated. */
  readonly decision: Decision | undefined

  constructor(rejection: InvokeRejection, decision?: Decision) {
    super(rejection.message)
    this.rejection = rejection
    this.decision = decision
  }
}

export const invokeRejectionResponse = (
  { status, errorType, message }: InvokeRejection,
  requestId: string,
): WireResponse => ({
  status,
  headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': errorType, 'x-amzn-RequestId': requestId },
  // Parameters are validated before the operation, by another layer of Lambda with another form of body.
  body: JSON.stringify(errorType === 'ValidationException' ? { message } : { Message: message, Type: 'User' }),
})
