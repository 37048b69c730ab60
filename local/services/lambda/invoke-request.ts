import { headerValue, type WireRequest } from '../../http.ts'
import { type FunctionReference, readFunctionReference } from './function-reference.ts'
import { InvokeRejected, invokeRejections } from './invoke-rejections.ts'

/** An Invoke request whose parameters have the right form; nothing is said yet of whether it may or can be carried out. */
export interface InvokeRequest {
  readonly reference: FunctionReference
  /** From the path or the parameter Qualifier. */
  readonly qualifier: string | undefined
  readonly invocationType: 'Event' | 'RequestResponse' | 'DryRun'
  readonly logType: 'None' | 'Tail'
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestSyntax */
const invokePath = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/

/** Lambda's other operations are answered elsewhere. */
export const isInvokePath = (path: string): boolean => invokePath.test(path)

/** Parameters of Invoke that change what it does and are not supported here. */
const unsupportedHeaders = ['X-Amz-Tenant-Id', 'X-Amz-Durable-Execution-Name']

/** Throws Refused. */
export const readInvokeRequest = (request: WireRequest): InvokeRequest => {
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(request.target) ?? []
  const encoded = request.method === 'POST' ? invokePath.exec(path)?.[1] : undefined
  // Without the query, which holds a credential when the request is presigned.
  if (encoded === undefined)
    throw new InvokeRejected(invokeRejections.unsupported(`${request.method} ${path} of the Lambda API`))
  const unsupported = unsupportedHeaders.find((name) => headerValue(request, name.toLowerCase()) !== undefined)
  if (unsupported) throw new InvokeRejected(invokeRejections.unsupported(`the header ${unsupported} of Invoke`))

  const parameter = new URLSearchParams(query).get('Qualifier') ?? undefined
  const parsed = readFunctionReference(percentDecode(encoded), parameter)
  const invocationType = headerValue(request, 'x-amz-invocation-type') || 'RequestResponse'
  const logType = headerValue(request, 'x-amz-log-type') || 'None'
  const violations = [
    ...('violations' in parsed ? parsed.violations : []),
    ...(isInvocationType(invocationType) ? [] : [enumViolation(invocationType, 'invocationType', invocationTypes)]),
    ...(isLogType(logType) ? [] : [enumViolation(logType, 'logType', logTypes)]),
  ]
  if ('violations' in parsed || !isInvocationType(invocationType) || !isLogType(logType)) {
    throw new InvokeRejected(invokeRejections.invalid(violations))
  }
  const { reference } = parsed
  if (reference.qualifier !== undefined && parameter !== undefined && reference.qualifier !== parameter) {
    throw new InvokeRejected(invokeRejections.qualifiersDiffer())
  }
  return { reference, qualifier: reference.qualifier ?? parameter, invocationType, logType }
}

/** What cannot be decoded stays as it is: the percent sign then fails the pattern of a name. */
const percentDecode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const invocationTypes = ['Event', 'RequestResponse', 'DryRun']
const isInvocationType = (value: string): value is InvokeRequest['invocationType'] => invocationTypes.includes(value)

const logTypes = ['None', 'Tail']
const isLogType = (value: string): value is InvokeRequest['logType'] => logTypes.includes(value)

/** The form is recorded by LocalStack of another parameter (test_lambda, `invokeMode`). */
const enumViolation = (value: string, member: string, values: readonly string[]) =>
  `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`

/** Bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const payloadLimits = { RequestResponse: 6_291_456, DryRun: 6_291_456, Event: 1_048_576 } as const

/**
 * The event as JSON text, untouched, so that its numbers stay as they are. Throws Refused.
 *
 * A request without a body gives the function `{}`: Invoke without a payload is known to succeed
 * (https://github.com/aws/aws-sdk-js/issues/1876), and LocalStack's Lambda, checked against AWS, hands over `{}`.
 */
export const readPayload = ({ body }: WireRequest, invocationType: InvokeRequest['invocationType']): string => {
  const limit = payloadLimits[invocationType]
  if (body.byteLength > limit)
    throw new InvokeRejected(invokeRejections.tooLarge(body.byteLength, invocationType, limit))
  if (body.byteLength === 0) return '{}'
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
    JSON.parse(text)
    return text
  } catch (error) {
    throw new InvokeRejected(invokeRejections.notJson(error instanceof SyntaxError ? error.message : 'Invalid UTF-8'))
  }
}

/** Bytes of base64. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters */
const clientContextLimit = 3_583

/** The client context as JSON text; undefined where none was sent. Throws Refused. */
export const readClientContext = (request: WireRequest): string | undefined => {
  const base64 = headerValue(request, 'x-amz-client-context')
  if (!base64) return undefined
  if (base64.length > clientContextLimit) {
    throw new InvokeRejected(invokeRejections.clientContextTooLong(base64.length, clientContextLimit))
  }
  const text = Buffer.from(base64, 'base64').toString()
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64) || !isJsonObject(text))
    throw new InvokeRejected(invokeRejections.clientContext())
  return text
}

const isJsonObject = (text: string): boolean => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
