import { type DateTime, dateTimeText } from './date-time.ts'
import { type Decimal, decimalText, parseDecimal } from './decimal.ts'
import { isDateTimeType, type SnowflakeType } from './types.ts'

/** A value of any type, read with its type. A double is a FLOAT; NUMBER is always exact. A JSON null is NULL here. */
export type Value = Json | DateTime | Uint8Array

/** What VARIANT, OBJECT and ARRAY hold, and what the wire carries. */
export type Json = null | boolean | string | number | Decimal | readonly Json[] | ReadonlyMap<string, Json>

export const isDecimal = (value: Value): value is Decimal =>
  typeof value === 'object' && value !== null && 'units' in value

export const isDateTime = (value: Value): value is DateTime =>
  typeof value === 'object' && value !== null && 'nanoseconds' in value

export const isArray = (value: Value): value is readonly Json[] => Array.isArray(value)

/**
 * As an external function receives it: numbers and booleans as such, semi-structured values as they are, everything else
 * as a string. https://docs.snowflake.com/en/sql-reference/external-functions-data-format
 */
export const toJson = (value: Value, type: SnowflakeType): Json => {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex').toUpperCase()
  if (isDateTime(value)) return isDateTimeType(type) ? dateTimeText(value, type.name) : null
  return value
}

export const jsonText = (json: Json): string => {
  if (json === null || typeof json === 'boolean' || typeof json === 'number') return String(json)
  if (typeof json === 'string') return JSON.stringify(json)
  if (isDecimal(json)) return decimalText(json)
  if (isArray(json)) return `[${json.map(jsonText).join(',')}]`
  return `{${[...json].map(([key, member]) => `${JSON.stringify(key)}:${jsonText(member)}`).join(',')}}`
}

/** Numbers keep all their digits up to NUMBER's 38; what has more becomes a double, as in a VARIANT. */
export const parseJson = (source: string): Json =>
  JSON.parse(source, (_key, value: unknown, context?: { readonly source?: string }) => {
    if (typeof value === 'number') return parseDecimal(context?.source ?? '') ?? value
    // Members were visited before: a plain object here is an object of the text and no Decimal or Map of ours.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : value
  })

/** As a result shows it. */
export const toText = (value: Value, type: SnowflakeType): string | null => {
  if (value === null) return null
  const json = toJson(value, type)
  const isText = typeof json === 'string' && type.name !== 'VARIANT'
  return isText ? json : jsonText(json)
}
