import { compilationError, LocalLimitError, SnowflakeError } from '../snowflake-error.ts'
import { convertDateTime, parseDateTime } from './date-time.ts'
import { decimalText, fits, parseDecimal, rescale } from './decimal.ts'
import { isDateTimeType, type SnowflakeType, typeText } from './types.ts'
import { isArray, isDateTime, isDecimal, type Json, jsonText, toJson, type Value } from './value.ts'

/** The value as the other type has it, or Snowflake's refusal. */
export const cast = (value: Value, from: SnowflakeType, to: SnowflakeType): Value => {
  if (value === null || to.name === 'NULL') return null
  if (to.name === 'VARIANT') return toJson(value, from)
  if (to.name === 'OBJECT' || to.name === 'ARRAY') return structure(toJson(value, from), to.name)
  if (isDateTimeType(to)) return toDateTime(value, to)
  const json = toJson(value, from)
  if (to.name === 'VARCHAR') return checkLength(plainText(json), to.length)
  if (to.name === 'BINARY') return bytes(value, plainText(json), to.length)
  if (to.name === 'NUMBER') return decimal(json, to.precision, to.scale)
  return to.name === 'FLOAT' ? double(json) : toBoolean(json)
}

/** A number or a truth value as text, a text as itself, a structure as JSON. */
const plainText = (json: Json): string => (typeof json === 'string' ? json : jsonText(json))

const structure = (json: Json, name: 'OBJECT' | 'ARRAY'): Json => {
  if (name === 'ARRAY' ? isArray(json) : json instanceof Map) return json
  throw new SnowflakeError(`Failed to cast variant value ${jsonText(json)} to ${name}`)
}

const checkLength = (text: string, length: number): string => {
  // Counted in characters; the length in code units is an upper bound of it, and cheap.
  if (text.length <= length || [...text].length <= length) return text
  throw new SnowflakeError(`String '${text.slice(0, 100)}' is too long and would be truncated`)
}

const bytes = (value: Value, hex: string, length: number): Uint8Array => {
  const read = value instanceof Uint8Array ? value : /^([\da-f]{2})*$/i.test(hex) ? Buffer.from(hex, 'hex') : undefined
  if (!read) throw new SnowflakeError(`The following string is not a legal hex-encoded value: '${hex.slice(0, 100)}'`)
  if (read.length > length)
    throw new SnowflakeError(`Binary value is longer than ${length} bytes and would be truncated`)
  return read
}

const decimal = (json: Json, precision: number, scale: number): Json => {
  const read = typeof json === 'boolean' ? { units: json ? 1n : 0n, scale: 0 } : parseDecimal(plainText(json))
  if (!read) throw notRecognised('Numeric value', json)
  const rounded = rescale(read, scale)
  if (fits(rounded, precision)) return rounded
  throw new SnowflakeError(
    `Number out of representable range: type ${typeText({ name: 'NUMBER', precision, scale })}, value ${decimalText(read)}`,
  )
}

const double = (json: Json): number => {
  const read = typeof json === 'boolean' ? Number(json) : Number(plainText(json).trim() || Number.NaN)
  if (Number.isFinite(read)) return read
  throw notRecognised('Numeric value', json)
}

const booleanWords: ReadonlyMap<string, boolean> = new Map([
  ...['true', 't', 'yes', 'y', 'on', '1'].map((word): [string, boolean] => [word, true]),
  ...['false', 'f', 'no', 'n', 'off', '0'].map((word): [string, boolean] => [word, false]),
])

const toBoolean = (json: Json): boolean => {
  if (json !== null && isDecimal(json)) return json.units !== 0n
  const read = typeof json === 'number' ? json !== 0 : booleanWords.get(plainText(json).toLowerCase())
  if (read === undefined) throw notRecognised('Boolean value', json)
  return read
}

const toDateTime = (value: Value, to: SnowflakeType & { readonly scale: number }): Value => {
  if (!isDateTimeType(to)) return null
  if (typeof value !== 'string' && !isDateTime(value)) throw new LocalLimitError(`a cast of this value to ${to.name}`)
  const read = isDateTime(value) ? convertDateTime(value, to.name) : parseDateTime(value, to.name)
  if (!read) throw notRecognised(to.name === 'DATE' ? 'Date' : to.name === 'TIME' ? 'Time' : 'Timestamp', String(value))
  const step = 10n ** BigInt(9 - to.scale)
  const rest = ((read.nanoseconds % step) + step) % step
  return to.name === 'DATE' ? read : { ...read, nanoseconds: read.nanoseconds - rest }
}

const notRecognised = (kind: string, json: Json): SnowflakeError =>
  new SnowflakeError(`${kind} '${plainText(json).trim().slice(0, 100)}' is not recognized`)

/** For texts and structures that are no operand of a number's operator. */
export const invalidArguments = (operator: string, types: readonly SnowflakeType[]): SnowflakeError =>
  compilationError(`Invalid argument types for function '${operator}': (${types.map(typeText).join(', ')})`)
