import { ServiceError } from '../errors/index.ts'
import { bodyText } from './body.ts'
import { holdsInexactNumbers, parseExactly, parseJson } from './json-text.ts'
import type { ProxyEvent } from './proxy-event.ts'

/** `application/json`, or a type with its suffix (RFC 6839, section 3.1), and perhaps parameters. */
const jsonMediaType = /^application\/(?:[a-z\d.+-]+\+)?json(?:;|$)/i

/** The input of a plain request: its JSON body, or its query parameters without a body. */
export const readInput = async (http: ProxyEvent): Promise<unknown> => {
  if (http.body.length === 0) return http.query
  const text = await bodyText(http)
  if (!jsonMediaType.test(http.headers.get('content-type') ?? '')) throw new ServiceError('CONTENT_TYPE_NOT_JSON')
  try {
    const input: unknown = JSON.parse(text, rejectPrototypeKeys)
    return holdsInexactNumbers(text) ? parseExactly(text) : input
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
export const parseBatch = (text: string): unknown => {
  try {
    return parseJson(text)
  } catch {
    // A syntax error quotes the data, so it is not passed on. Also catches stack overflow from deep nesting.
    throw new ServiceError('BODY_NOT_JSON')
  }
}
