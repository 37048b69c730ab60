import type { WireAnswer } from '../http/index.ts'

/** A function's answer in proxy form, or why API Gateway would answer 502 for it. */
export type ProxyAnswer = { readonly answer: WireAnswer } | { readonly malformed: string }

const allowedMembers = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'])

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
const remapped = new Set(['authorization', 'connection', 'date', 'server', 'www-authenticate'])

/** Written anew for the connection to the caller. */
const dropped = new Set(['content-length', 'transfer-encoding', 'keep-alive'])

/**
 * Turns the JSON that a function returned into an HTTP answer, by the rules recorded at the real service.
 * `binary` says whether the request's Accept matches the API's binary media types.
 */
export const readProxyAnswer = (payload: string, binary: boolean): ProxyAnswer => {
  const result: unknown = JSON.parse(payload)
  if (!isRecord(result))
    return { malformed: `the function returned ${JSON.stringify(result)?.slice(0, 40)}, not an object` }
  const members = Object.keys(result)
  const foreign = members.find((member) => !allowedMembers.has(member))
  if (foreign !== undefined)
    return { malformed: `the function's answer has a member "${foreign}" that no proxy answer has` }
  if (members.length === 0) return { malformed: 'the function returned an empty object' }

  const statusCode = result['statusCode'] ?? 200
  const status = isScalar(statusCode) ? Number(statusCode) : Number.NaN
  if (!Number.isInteger(status) || status < 100 || status > 599)
    return { malformed: 'statusCode is not an HTTP status' }

  const body = result['body'] ?? ''
  if (typeof body !== 'string') return { malformed: `body is a ${typeof body}, not text` }

  const headers = readHeaders(result['headers'], result['multiValueHeaders'])
  if ('malformed' in headers) return headers
  const decoded = result['isBase64Encoded'] === true && binary ? Buffer.from(body, 'base64') : body
  return { answer: { status, headers: headers.headers, body: decoded } }
}

type Headers = { readonly headers: Record<string, string | string[]> } | { readonly malformed: string }

const readHeaders = (single: unknown, multi: unknown): Headers => {
  const named = new Map<string, { name: string; values: string[] }>()
  for (const [name, values] of Object.entries(multi ?? {})) {
    if (!Array.isArray(values)) return { malformed: `multiValueHeaders.${name} is not a list` }
    if (!values.every(isScalar)) return { malformed: `multiValueHeaders.${name} holds what is no text` }
    named.set(name.toLowerCase(), { name, values: values.map(String) })
  }
  for (const [name, value] of Object.entries(single ?? {})) {
    if (!isScalar(value)) return { malformed: `headers.${name} is no text` }
    const before = named.get(name.toLowerCase())
    if (before) before.values.push(String(value))
    else named.set(name.toLowerCase(), { name, values: [String(value)] })
  }
  if (!named.has('content-type')) named.set('content-type', { name: 'Content-Type', values: ['application/json'] })
  const headers: Record<string, string | string[]> = {}
  for (const [key, { name, values }] of named) {
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
