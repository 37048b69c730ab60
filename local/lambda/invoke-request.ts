import { headerValue, type WireRequest } from '../http/index.ts'
import { type FunctionReference, readFunctionReference } from './function-reference.ts'
import { Refused, refusals } from './invoke-refusals.ts'

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

/** Parameters of Invoke that change what it does, and that nobody imitates here. */
const unsupportedHeaders = ['X-Amz-Tenant-Id', 'X-Amz-Durable-Execution-Name']

/** Throws Refused. */
export const readInvokeRequest = (request: WireRequest): InvokeRequest => {
  const [, path = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(request.target) ?? []
  const encoded = request.method === 'POST' ? invokePath.exec(path)?.[1] : undefined
  // Without the query, which holds a credential when the request is presigned.
  if (encoded === undefined) throw new Refused(refusals.unsupported(`${request.method} ${path} of the Lambda API`))
  const unsupported = unsupportedHeaders.find((name) => headerValue(request, name.toLowerCase()) !== undefined)
  if (unsupported) throw new Refused(refusals.unsupported(`the header ${unsupported} of Invoke`))

  const parameter = new URLSearchParams(query).get('Qualifier') ?? undefined
  const read = readFunctionReference(percentDecoded(encoded), parameter)
  const invocationType = headerValue(request, 'x-amz-invocation-type') || 'RequestResponse'
  const logType = headerValue(request, 'x-amz-log-type') || 'None'
  const violations = [
    ...('violations' in read ? read.violations : []),
    ...(isInvocationType(invocationType) ? [] : [notAmong(invocationType, 'invocationType', invocationTypes)]),
    ...(isLogType(logType) ? [] : [notAmong(logType, 'logType', logTypes)]),
  ]
  if ('violations' in read || !isInvocationType(invocationType) || !isLogType(logType)) {
    throw new Refused(refusals.invalid(violations))
  }
  const { reference } = read
  if (reference.qualifier !== undefined && parameter !== undefined && reference.qualifier !== parameter) {
    throw new Refused(refusals.qualifiersDiffer())
  }
  return { reference, qualifier: reference.qualifier ?? parameter, invocationType, logType }
}

/** What cannot be decoded stays as it is: the percent sign then fails the pattern of a name. */
const percentDecoded = (text: string): string => {
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
const notAmong = (value: string, member: string, values: readonly string[]) =>
  `Value '${value}' at '${member}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`
