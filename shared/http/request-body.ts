import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { ServiceError } from '../errors/service-error.ts'
import { hasInexactNumbers, parseExactly, parseJson } from './exact-json.ts'
import type { ProxyEvent } from './proxy-event.ts'

const decompressionLimit = { maxOutputLength: 10 * 1024 * 1024 }

/**
 * The body as text, decompressed if its bytes are compressed. The header cannot be trusted: API Gateway
 * decompresses bodies but keeps the header `Content-Encoding: gzip`.
 */
export const decompressBody = async ({ body }: Pick<ProxyEvent, 'body'>): Promise<string> => {
  if (typeof body === 'string') return body
  try {
    if (isGzip(body)) return (await promisify(gunzip)(body, decompressionLimit)).toString()
    if (isZlib(body)) return (await promisify(inflate)(body, decompressionLimit)).toString()
  } catch (cause) {
    throw new ServiceError('BODY_NOT_READABLE', { cause })
  }
  return body.toString()
}

/** RFC 1952, section 2.3.1. */
const isGzip = (body: Buffer) => body[0] === 0x1f && body[1] === 0x8b

/** RFC 1950, section 2.2: deflate, and a header that is a multiple of 31. JSON text never begins like this. */
const isZlib = (body: Buffer) => body.length > 1 && body[0] === 0x78 && body.readUInt16BE() % 31 === 0

/** `application/json`, or a type with its suffix (RFC 6839, section 3.1), and perhaps parameters. */
const jsonMediaType = /^application\/(?:[a-z\d.+-]+\+)?json(?:;|$)/i

/** The input of a plain request: its JSON body, or its query parameters without a body. */
export const parseInputBody = async (http: ProxyEvent): Promise<unknown> => {
  if (http.body.length === 0) return http.query
  const text = await decompressBody(http)
  if (!jsonMediaType.test(http.headers.get('content-type') ?? '')) throw new ServiceError('CONTENT_TYPE_NOT_JSON')
  try {
    const input: unknown = JSON.parse(text, rejectPrototypeKeys)
    return hasInexactNumbers(text) ? parseExactly(text) : input
  } catch {
    throw new ServiceError('BODY_NOT_JSON')
  }
}

/** Rejects these keys: a copy of the input would have an unexpected prototype. */
const rejectPrototypeKeys = (key: string, value: unknown): unknown => {
  const replacesPrototype =
    key === '__proto__' ||
    (key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype'))
  if (replacesPrototype) throw new SyntaxError(`The key ${key} is not accepted`)
  return value
}

/** The body of a batch, which its headers declare as JSON. Row data may have members with any name. */
export const parseBatchBody = (text: string): unknown => {
  try {
    return parseJson(text)
  } catch {
    // A syntax error quotes the data, so it is not passed on. Also catches stack overflow from deep nesting.
    throw new ServiceError('BODY_NOT_JSON')
  }
}
