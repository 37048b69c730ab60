import { headerValue, type WireRequest, type WireResponse } from '../http.ts'
import type { SignatureRejection, SignatureRejectionCode } from '../sigv4/index.ts'
import { type AwsService, type OperationCall, type ParsedOperation, unsupported } from './service-endpoint.ts'

/** The parameters of a query-protocol request: of the form body, or of the query of a GET. The first of repeated names counts. */
export const queryParameters = (request: WireRequest): ReadonlyMap<string, string> => {
  const form = isForm(request)
  const text = form ? Buffer.from(request.body).toString() : (request.target.split('?')[1] ?? '')
  const map = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(text)) if (!map.has(name)) map.set(name, value)
  return map
}

/** `Tags.member.1.Key`, `Tags.member.1.Value`, … → one map for each member; scalar members under the empty name. */
export const listMembers = (parameters: ReadonlyMap<string, string>, list: string): ReadonlyMap<string, string>[] => {
  const membersByIndex = new Map<number, Map<string, string>>()
  for (const [name, value] of parameters) {
    const [, index, field = ''] = new RegExp(`^${list}\\.member\\.(\\d{1,4})(?:\\.(\\w+))?$`).exec(name) ?? []
    if (index === undefined) continue
    const member = membersByIndex.get(Number(index)) ?? new Map<string, string>()
    membersByIndex.set(Number(index), member.set(field, value))
  }
  return [...membersByIndex].sort(([left], [right]) => left - right).map(([, member]) => member)
}

/** Whether a request speaks the query protocol at all; used to tell services apart on one port. */
export const isQueryRequest = (request: WireRequest): boolean => isForm(request) || /[?&]Action=/.test(request.target)

const isForm = (request: WireRequest): boolean =>
  /^application\/x-www-form-urlencoded/i.test(headerValue(request, 'content-type') ?? '')

export interface QueryError {
  readonly status: number
  readonly code: string
  readonly message: string
}

/** The answers of one service, each under the XML namespace of its API version. */
export const queryResponses = (namespace: string) => ({
  result: (action: string, result: Xml, requestId: string): WireResponse => ({
    status: 200,
    headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId },
    body: `<${action}Response xmlns="${namespace}">${xml({
      [`${action}Result`]: result,
      ResponseMetadata: { RequestId: requestId },
    })}</${action}Response>\n`,
  }),
  error: ({ status, code, message }: QueryError, requestId: string): WireResponse => ({
    status,
    headers: { 'Content-Type': 'text/xml', 'x-amzn-RequestId': requestId },
    body: `<ErrorResponse xmlns="${namespace}">${xml({
      Error: { Type: 'Sender', Code: code, Message: message },
      RequestId: requestId,
    })}</ErrorResponse>\n`,
  }),
})

/** XML as nested values: an object is a sequence of elements, a list one of `member`s, undefined is left out. */
export type Xml = string | number | boolean | readonly Xml[] | { readonly [element: string]: Xml | undefined }

const isList = (value: Xml): value is readonly Xml[] => Array.isArray(value)

const xml = (value: Xml): string => {
  if (isList(value)) return value.map((member) => `<member>${xml(member)}</member>`).join('')
  return typeof value === 'object'
    ? Object.entries(value)
        .map(([name, inner]) => (inner === undefined ? '' : `<${name}>${xml(inner)}</${name}>`))
        .join('')
    : escapeXml(String(value))
}

/** What XML 1.0 cannot hold at all (most control characters) becomes U+FFFD. */
const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/gu, (character) =>
      (character.codePointAt(0) ?? 0) > 0xffff ? character : '\ufffd',
    )
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

/** Measured at STS and IAM (github.com/dacut/scratchstack-aws-signature); for a missing token the documentation says 403. */
const signatureErrorStatuses: Readonly<Record<SignatureRejectionCode, number>> = {
  MalformedRequest: 400,
  MalformedQueryString: 400,
  MissingAuthenticationToken: 403,
  IncompleteSignature: 400,
  SignatureDoesNotMatch: 403,
  InvalidClientTokenId: 403,
  ExpiredToken: 403,
}

/** A failed signature in the words of the query services. */
export const querySignatureError = ({ code, message }: SignatureRejection): QueryError => ({
  status: signatureErrorStatuses[code],
  code: code === 'MalformedRequest' ? 'MalformedInput' : code,
  message,
})

export type QueryOperation = (parameters: ReadonlyMap<string, string>, call: OperationCall) => Xml

interface QueryServiceDefinition {
  /** As signatures name it. */
  readonly service: string
  readonly region?: string
  readonly namespace: string
  readonly operations: ReadonlyMap<string, QueryOperation>
}

/** A service of the query protocol: `Action` and its parameters as a form, XML as the answer. */
export const queryService = ({ service, region, namespace, operations }: QueryServiceDefinition): AwsService => {
  const responses = queryResponses(namespace)
  return {
    service,
    ...(region !== undefined && { region }),
    // Measured: the query-protocol services allow more than the JSON ones.
    clockSkewMinutes: 15,
    accessDenied: 'AccessDenied',
    parse: (request: WireRequest): ParsedOperation => {
      const parameters = queryParameters(request)
      const action = parameters.get('Action') ?? ''
      const operation = operations.get(action)
      if (!operation) throw unsupported(`${service}:${action}`)
      return {
        operation: action,
        run: (call) => {
          const result = operation(parameters, call)
          return (requestId) => responses.result(action, result, requestId)
        },
      }
    },
    reject: responses.error,
    rejectSignature: (rejection, requestId) => responses.error(querySignatureError(rejection), requestId),
  }
}
