import { escapeFault, percentDecode, percentEncode } from './percent-encoding.ts'

/** Name and value decoded, as byte strings. */
export interface Parameter {
  readonly name: string
  readonly value: string
}

export interface QueryString {
  /** In the order received, repeated names kept, empty pieces dropped. */
  readonly parameters: readonly Parameter[]
  /** The first malformed escape, in AWS's words. */
  readonly fault: string | undefined
}

/** A raw `+` is a blank: API Gateway's proxy event and the query services both read it so. */
const readPart = (part: string): string => percentDecode(part.includes('+') ? part.replaceAll('+', ' ') : part)

export const readQuery = (query: string): QueryString => {
  const parameters: Parameter[] = []
  let fault: string | undefined
  for (const piece of query.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    const name = equals < 0 ? piece : piece.slice(0, equals)
    const value = equals < 0 ? '' : piece.slice(equals + 1)
    fault ??= escapeFault(name) ?? escapeFault(value)
    parameters.push({ name: readPart(name), value: readPart(value) })
  }
  return { parameters, fault }
}

/** Of repeated parameters the first counts (measured on the query services). */
export const firstParameter = (query: QueryString, name: string): string | undefined =>
  query.parameters.find((parameter) => parameter.name === name)?.value

const inByteOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Sorted by encoded name, then encoded value; comparing whole pairs would sort `a-b=` before `a=`. */
export const canonicalQuery = (parameters: readonly Parameter[]): string =>
  parameters
    .map(({ name, value }) => ({ name: percentEncode(name), value: percentEncode(value) }))
    .sort((a, b) => inByteOrder(a.name, b.name) || inByteOrder(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join('&')
