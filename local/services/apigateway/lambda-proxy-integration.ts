import type { ApiMethod, RestApi } from '../../deployment/deployed-resources.ts'
import { headerValue, type WireRequest, type WireResponse } from '../../http.ts'
import { failedSteps } from '../../journal.ts'
import type { Invocation, InvocationResult } from '../lambda/index.ts'
import { ExecuteApiRejected, executeApiRejections } from './execute-api-rejections.ts'
import { isBinary } from './proxy-event.ts'

/** A function's answer in proxy form, or why API Gateway would answer 502 for it. */
type ProxyResponse = { readonly answer: WireResponse } | { readonly malformed: string }

const allowedMembers = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'])

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
const remapped = new Set(['authorization', 'connection', 'date', 'server', 'www-authenticate'])

/** Written anew for the connection to the caller. */
const dropped = new Set(['content-length', 'transfer-encoding', 'keep-alive'])

/**
 * Turns the JSON that a function returned into an HTTP answer, by the rules recorded at the real service.
 * `binary` says whether the request's Accept matches the API's binary media types.
 */
export const readProxyResponse = (payload: string, binary: boolean): ProxyResponse => {
  const result: unknown = JSON.parse(payload)
  if (!isRecord(result))
    return { malformed: `the function returned ${JSON.stringify(result)?.slice(0, 40)}, not an object` }
  const members = Object.keys(result)
  const unknownMember = members.find((member) => !allowedMembers.has(member))
  if (unknownMember !== undefined)
    return { malformed: `the function's answer has a member "${unknownMember}" that no proxy answer has` }
  if (members.length === 0) return { malformed: 'the function returned an empty object' }

  const statusCode = result['statusCode'] ?? 200
  const status = isScalar(statusCode) ? Number(statusCode) : Number.NaN
  if (!Number.isInteger(status) || status < 100 || status > 599)
    return { malformed: 'statusCode is not an HTTP status' }

  const body = result['body'] ?? ''
  if (typeof body !== 'string') return { malformed: `body is a ${typeof body}, not text` }

  const headers = readProxyHeaders(result['headers'], result['multiValueHeaders'])
  if ('malformed' in headers) return headers
  const decoded = result['isBase64Encoded'] === true && binary ? Buffer.from(body, 'base64') : body
  return { answer: { status, headers: headers.headers, body: decoded } }
}

type ProxyHeaders = { readonly headers: Record<string, string | string[]> } | { readonly malformed: string }

const readProxyHeaders = (single: unknown, multi: unknown): ProxyHeaders => {
  const headersByName = new Map<string, { name: string; values: string[] }>()
  for (const [name, values] of Object.entries(multi ?? {})) {
    if (!Array.isArray(values)) return { malformed: `multiValueHeaders.${name} is not a list` }
    if (!values.every(isScalar)) return { malformed: `multiValueHeaders.${name} holds a value that is not text` }
    headersByName.set(name.toLowerCase(), { name, values: values.map(String) })
  }
  for (const [name, value] of Object.entries(single ?? {})) {
    if (!isScalar(value)) return { malformed: `headers.${name} is not text` }
    const existing = headersByName.get(name.toLowerCase())
    if (existing) existing.values.push(String(value))
    else headersByName.set(name.toLowerCase(), { name, values: [String(value)] })
  }
  if (!headersByName.has('content-type'))
    headersByName.set('content-type', { name: 'Content-Type', values: ['application/json'] })
  const headers: Record<string, string | string[]> = {}
  for (const [key, { name, values }] of headersByName) {
    if (dropped.has(key)) continue
    if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name) || values.some((value) => /[^\t\x20-\x7e\x80-\xff]/.test(value))) {
      return { malformed: `header ${JSON.stringify(name)} cannot stand in an HTTP answer` }
    }
    headers[remapped.has(key) ? `x-amzn-Remapped-${name}` : name] = values.length === 1 ? (values[0] ?? '') : values
  }
  return { headers }
}

const isScalar = (value: unknown): value is string | number | boolean | null =>
  typeof value !== 'object' || value === null

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Synchronous invocations take 6 MB. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const eventLimit = 6_291_456

/** Hands the event to the function and turns its answer into HTTP, within the integration's time. */
export const integrate = async (
  request: WireRequest,
  { method, api, invocation }: { method: ApiMethod; api: RestApi; invocation: Invocation },
  invoke: (invocation: Invocation) => Promise<InvocationResult>,
): Promise<WireResponse> => {
  const size = Buffer.byteLength(invocation.payload)
  if (size > eventLimit) {
    throw new ExecuteApiRejected(
      executeApiRejections.requestTooLong,
      failedSteps('size', [`the event has ${size} bytes; Lambda takes ${eventLimit}`]),
      'Send less at once.',
    )
  }
  const result = await withTimeout(method.integrationTimeout, invoke(invocation))
  if (result === 'timed out') {
    const reason = `the function did not answer within ${method.integrationTimeout} ms`
    throw new ExecuteApiRejected(
      executeApiRejections.timedOut,
      failedSteps('integration', [reason]),
      'Let the function answer sooner.',
    )
  }
  if (result.functionError) {
    const reason = `the function failed: ${result.payload.slice(0, 300)}`
    throw new ExecuteApiRejected(
      executeApiRejections.badGateway,
      failedSteps('integration', [reason]),
      'Fix the function; see its log above.',
    )
  }
  const proxied = readProxyResponse(result.payload, isBinary(api.binaryMediaTypes, headerValue(request, 'accept')))
  if ('malformed' in proxied) {
    const fix = 'Let the function return {"statusCode", "headers", "body"} and nothing else.'
    throw new ExecuteApiRejected(executeApiRejections.badGateway, failedSteps('integration', [proxied.malformed]), fix)
  }
  return proxied.answer
}

const withTimeout = async <Value>(milliseconds: number, work: Promise<Value>): Promise<Value | 'timed out'> => {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<'timed out'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'timed out')
  })
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}
