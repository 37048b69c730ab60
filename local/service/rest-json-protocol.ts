import type { WireRequest, WireResponse } from '../http.ts'
import type { SignatureRejection, SignatureRejectionCode } from '../sigv4/index.ts'
import {
  type AwsService,
  type OperationCall,
  type ParsedOperation,
  type ServiceRejection,
  unsupported,
} from './service-endpoint.ts'

/** An answer in the form of API Gateway and the JSON services: status, `x-amzn-ErrorType`, JSON body. */
export interface JsonRejection {
  readonly status: number
  readonly errorType: string
  readonly body: string
}

/** The names that API Gateway and Lambda have for what the query services call otherwise. */
const errorTypes: Readonly<Record<SignatureRejectionCode, string>> = {
  MalformedRequest: 'BadRequestException',
  MalformedQueryString: 'MalformedQueryStringException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  IncompleteSignature: 'IncompleteSignatureException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  ExpiredToken: 'ExpiredTokenException',
}

/**
 * A failed signature in the words of API Gateway: all are 403 but a request that could not even be read. On a mismatch it
 * shows callers their own request (observed: github.com/mhart/aws4/issues/33); that text is theirs to see and never ours to
 * log, since it may hold a session token.
 */
export const jsonSignatureRejection = ({
  code,
  message,
  canonicalRequest,
  stringToSign,
}: SignatureRejection): JsonRejection => {
  const messages = new Map<SignatureRejectionCode, string>([
    ['MissingAuthenticationToken', 'Missing Authentication Token'],
    ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
    ['MalformedRequest', 'Bad Request'],
  ])
  const echoedRequest =
    canonicalRequest !== undefined && stringToSign !== undefined
      ? `\n\nThe Canonical String for this request should have been\n'${canonicalRequest}'\n\nThe String-to-Sign should have been\n'${stringToSign}'\n`
      : ''
  return {
    status: code === 'MalformedRequest' ? 400 : 403,
    errorType: errorTypes[code],
    body: JSON.stringify({ message: (messages.get(code) ?? message) + echoedRequest }),
  }
}

export const jsonRejectionResponse = (
  { status, errorType, body }: JsonRejection,
  ids: Readonly<Record<string, string>>,
): WireResponse => ({
  status,
  headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': errorType, ...ids },
  body,
})

/** What stands in the places of a path, decoded, and the query. */
export interface RestParameters {
  readonly path: readonly string[]
  readonly query: URLSearchParams
  readonly request: WireRequest
}

export interface RestOperation {
  readonly name: string
  /** Every operation here reads: they are all of `GET`. Groups are the parameters. */
  readonly path: RegExp
  /** A whole answer but its request id, or what becomes JSON. */
  readonly run: (parameters: RestParameters, call: OperationCall) => RestResponse
}

interface RestResponse {
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

interface RestServiceDefinition {
  /** As signatures name it. */
  readonly service: string
  /** As people name it. */
  readonly displayName: string
  readonly operations: readonly RestOperation[]
  /** The body of a refusal. */
  readonly rejectionBody: (rejection: ServiceRejection) => unknown
}

/** A service of the rest-json protocol: the operation stands in method and path. */
export const restService = ({
  service,
  displayName: title,
  operations,
  rejectionBody,
}: RestServiceDefinition): AwsService => ({
  service,
  clockSkewMinutes: 5,
  accessDenied: 'AccessDeniedException',
  parse: (request): ParsedOperation => {
    const [path = '', query = ''] = request.target.split(/\?(.*)/s)
    for (const { name, path: pattern, run } of operations) {
      const match = request.method === 'GET' ? pattern.exec(path) : null
      if (!match) continue
      const parameters = { path: match.slice(1).map(decodeSegment), query: new URLSearchParams(query), request }
      return { operation: name, run: (call) => toResponse(run(parameters, call)) }
    }
    throw unsupported(`${request.method} ${path} of ${title}`)
  },
  reject: (rejection, requestId) =>
    jsonRejectionResponse(
      { status: rejection.status, errorType: rejection.code, body: JSON.stringify(rejectionBody(rejection)) },
      requestIdHeader(requestId),
    ),
  rejectSignature: (rejection, requestId) =>
    jsonRejectionResponse(jsonSignatureRejection(rejection), requestIdHeader(requestId)),
})

const requestIdHeader = (requestId: string) => ({ 'x-amzn-RequestId': requestId })

const toResponse =
  ({ body, headers }: RestResponse) =>
  (requestId: string): WireResponse => ({
    status: 200,
    headers: { 'Content-Type': 'application/json', ...headers, ...requestIdHeader(requestId) },
    body: JSON.stringify(body),
  })

const decodeSegment = (text = ''): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
