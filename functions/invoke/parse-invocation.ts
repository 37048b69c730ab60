import {
  type PathSegments,
  parseTargetPath,
  type TargetMethod,
  targetMethods,
} from '../../shared/access/targets/index.ts'
import { ServiceError } from '../../shared/errors/service-error.ts'
import { isJsonObject } from '../../shared/http/index.ts'
import { headerRejectionReason } from './header-rules.ts'

/** One request to a target, as the caller sent it. */
export interface Invocation {
  readonly target: string
  readonly method: TargetMethod
  readonly path: PathSegments
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

const allowedMembers = ['target', 'method', 'path', 'query', 'headers', 'body', 'isBase64Encoded']

/**
 * `{"target", "method"?, "path"?, "query"?, "headers"?, "body"?, "isBase64Encoded"?}`. Null means absent, as in SQL.
 * @throws {ServiceError} INPUT_INVALID, which contains no input except header names
 */
export const parseInvocation = (input: unknown): Invocation => {
  if (!isJsonObject(input))
    return reject('The input must be a JSON object such as {"target":"graph","path":"/status"}.')
  const members: Record<string, unknown> = Object.assign(Object.create(null), input)
  if (Object.keys(members).some((name) => !allowedMembers.includes(name))) {
    return reject(`Allowed members are ${allowedMembers.join(', ')}: name a target of the access map.`)
  }
  const { target, method, path, query, headers, body, isBase64Encoded } = members
  if (typeof target !== 'string') return reject('"target" must be the name of a target.')
  const parsedBody = parseBody(body ?? undefined, isBase64Encoded ?? false)
  const parsedMethod = parseMethod(method ?? (parsedBody ? 'POST' : 'GET'))
  if (parsedBody && /^(GET|HEAD)$/.test(parsedMethod)) return reject(`${parsedMethod} must not have a "body".`)
  return {
    target,
    method: parsedMethod,
    path: parsePathMember(path ?? '/'),
    query: parseQuery(query ?? {}),
    headers: { ...parsedBody?.headers, ...parseHeaders(headers ?? {}) },
    ...(parsedBody && { body: parsedBody.bytes }),
  }
}

const parseMethod = (method: unknown): TargetMethod =>
  targetMethods.find((one) => one === method) ?? reject(`"method" must be one of ${targetMethods.join(', ')}.`)

const parsePathMember = (path: unknown): PathSegments => {
  if (typeof path !== 'string') return reject('"path" must be text.')
  const segments = parseTargetPath(path)
  return 'fault' in segments ? reject(`"path" cannot be sent: ${segments.fault}.`) : segments
}

const parseQuery = (query: unknown): Invocation['query'] => {
  if (!isJsonObject(query)) return reject('"query" must be an object of names and values.')
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) => {
      if (value === null) return []
      if (!name.isWellFormed() || /\p{Cc}/u.test(name)) return reject('A name in "query" has invalid characters.')
      if (/^x-amz-/i.test(name)) return reject('A name in "query" is reserved for the signature.')
      const values = Array.isArray(value) ? value.map(queryValue) : queryValue(value)
      return [[name, values]]
    }),
  )
}

const queryValue = (value: unknown): string => {
  const text = scalarText(value)
  if (text === undefined) return reject('A value in "query" must be text, a number, true or false, or a list of these.')
  return text.isWellFormed() ? text : reject('A value in "query" has half a surrogate pair.')
}

const parseHeaders = (headers: unknown): Readonly<Record<string, string>> => {
  if (!isJsonObject(headers)) return reject('"headers" must be an object of names and values.')
  const parsed = new Map<string, string>()
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) continue
    // RFC 9110, sections 5.1 and 5.5: no line breaks, and no bytes that some servers treat as one.
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name))
      return reject('A name in "headers" is not a valid header name.')
    const reason = headerRejectionReason(name)
    if (reason !== undefined) return reject(`The header ${name} cannot be sent: ${reason}.`)
    const text = scalarText(value)
    if (text === undefined || text.length > 4_096 || !/^[\t\x20-\x7e]*$/.test(text)) {
      return reject(`The header ${name} must be one line of ASCII text with at most 4,096 characters.`)
    }
    const lowerName = name.toLowerCase()
    if (parsed.has(lowerName)) return reject(`Duplicate header ${name}.`)
    parsed.set(lowerName, text)
  }
  return Object.fromEntries(parsed)
}

interface Body {
  readonly bytes: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

const parseBody = (body: unknown, isBase64Encoded: unknown): Body | undefined => {
  if (typeof isBase64Encoded !== 'boolean') return reject('"isBase64Encoded" must be true or false.')
  if (isBase64Encoded) {
    const bytes = typeof body === 'string' ? Buffer.from(body, 'base64') : undefined
    if (!bytes || bytes.toString('base64') !== body)
      return reject('"body" must be base64 when "isBase64Encoded" is true.')
    return { bytes, headers: {} }
  }
  if (body === undefined) return undefined
  if (typeof body === 'string') return { bytes: Buffer.from(body), headers: {} }
  return { bytes: Buffer.from(JSON.stringify(body)), headers: { 'content-type': 'application/json' } }
}

/** Keeps all digits: numbers with more digits than a double are raw JSON objects. */
const scalarText = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value
  return Array.isArray(value) || isJsonObject(value) || value === null ? undefined : JSON.stringify(value)
}

const reject = (detail: string): never => {
  throw new ServiceError('INPUT_INVALID', { detail })
}
