import { ServiceError } from '../errors/index.ts'
import { bodyText } from './body.ts'
import { holdsInexactNumbers, parseExactly, parseJson } from './json-text.ts'
import type { ProxyEvent } from './proxy-event.ts'

/** `application/json`, or a type with its suffix (RFC 6839, section 3.1), and perhaps parameters. */
const jsonMediaType = /^application\/(?:[a-z\d.+-]+\+)?json(?:;|$)/i

/** The input of an ordinary request: its JSON body, or its query parameters where nothing was sent. */
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

/** A copy of an input that has such a key would have another prototype than the code that reads it expects. */
const rejectPrototypeKeys = (key: string, value: unknown): unknown => {
  const replacesPrototype =
    key === '__proto__' ||
    (key === 'constructor' && typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype'))
  if (replacesPrototype) throw new SyntaxError(`The key ${key} is not accepted`)
  return value
}

/** The body of a batch, whose headers say that it is JSON. No member of a row's data is refused for its name. */
export const parseBatch = (text: string): unknown => {
  try {
    return parseJson(text)
  } catch {
    // A syntax error quotes the data, and is not passed on; nesting that exhausts the stack ends here as well.
    throw new ServiceError('BODY_NOT_JSON')
  }
}
