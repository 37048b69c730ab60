import type { Column } from './query/index.ts'
import { LocalLimitError, SnowflakeError } from './snowflake-error.ts'
import {
  boolean,
  cast,
  digitsOf,
  float,
  number,
  parseDecimal,
  parseJson,
  type SnowflakeType,
  text,
  type Value,
  variant,
} from './values/index.ts'

/** A value beside the text of a statement, for a `?` or a `:1` in it, as drivers write it. */
export interface Bind {
  readonly type: string
  readonly value: string | null
}

type ReadBind = (value: string) => readonly [type: SnowflakeType, value: Value]

const casting =
  (type: SnowflakeType): ReadBind =>
  (value) => [type, cast(value, text, type)]

const readers: ReadonlyMap<string, ReadBind> = new Map<string, ReadBind>([
  ['TEXT', casting(text)],
  ['REAL', casting(float)],
  ['BOOLEAN', casting(boolean)],
  [
    'FIXED',
    (value) => {
      const read = parseDecimal(value)
      if (!read) throw new SnowflakeError(`Numeric value '${value.slice(0, 100)}' is not recognized`)
      return [number(Math.max(digitsOf(read), read.scale, 1), read.scale), read]
    },
  ],
  ['VARIANT', (value) => [variant, readJson(value)]],
])

export const columnOfBind = ({ type, value }: Bind): Column => {
  const read = readers.get(type)
  if (!read) throw new LocalLimitError(`binds of the type ${type}. It has ${[...readers.keys()].join(', ')}`)
  const [columnType, columnValue] = value === null ? [text, null] : read(value)
  return { type: columnType, values: [columnValue] }
}

const readJson = (value: string): Value => {
  try {
    return parseJson(value)
  } catch (cause) {
    throw new SnowflakeError('Error parsing JSON: the value of a bind is not JSON', { cause })
  }
}
