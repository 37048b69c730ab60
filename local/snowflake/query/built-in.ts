import { SnowflakeError } from '../errors.ts'
import {
  cast,
  commonType,
  isArray,
  isDecimal,
  type Json,
  jsonText,
  number,
  parseJson,
  type SnowflakeType,
  text,
  toJson,
  toText,
  type Value,
  variant,
} from '../values/index.ts'

/** A function of one row's values. */
export interface BuiltIn {
  readonly least: number
  readonly most: number
  /** The types its arguments are cast to; undefined leaves them as they are. */
  readonly takes?: SnowflakeType
  readonly gives: (types: readonly SnowflakeType[]) => SnowflakeType
  /** NULL among the arguments gives NULL, unless this is set. */
  readonly takesNull?: true
  readonly apply: (values: readonly Value[], types: readonly SnowflakeType[]) => Value
}

const many = Number.POSITIVE_INFINITY
const given = (value: Value | undefined): Value => value ?? null

const ofText = (most: number, apply: (...texts: readonly string[]) => Value, type = text): BuiltIn => ({
  least: most === many ? 1 : most,
  most,
  takes: text,
  gives: () => type,
  apply: (values) => apply(...values.map(String)),
})

export const builtIns: ReadonlyMap<string, BuiltIn> = new Map<string, BuiltIn>([
  ['UPPER', ofText(1, (value = '') => value.toUpperCase())],
  ['LOWER', ofText(1, (value = '') => value.toLowerCase())],
  ['CONCAT', ofText(many, (...values) => values.join(''))],
  ['LENGTH', ofText(1, (value = '') => ({ units: BigInt([...value].length), scale: 0 }), number(18))],
  ['PARSE_JSON', ofText(1, (value = '') => parsed(value), variant)],
  [
    'TO_JSON',
    {
      least: 1,
      most: 1,
      gives: () => text,
      apply: ([value], [type]) => jsonText(toJson(given(value), type ?? variant)),
    },
  ],
  [
    'TO_VARIANT',
    { least: 1, most: 1, gives: () => variant, apply: ([value], [type]) => toJson(given(value), type ?? variant) },
  ],
  [
    'TO_VARCHAR',
    { least: 1, most: 1, gives: () => text, apply: ([value], [type]) => cast(given(value), type ?? text, text) },
  ],
  ['TYPEOF', { least: 1, most: 1, takes: variant, gives: () => text, apply: ([value]) => kindOf(given(value)) }],
  [
    'REPEAT',
    {
      least: 2,
      most: 2,
      gives: () => text,
      apply: ([value, times]) => String(value).repeat(Number(toText(given(times), number()))),
    },
  ],
  [
    'COALESCE',
    {
      least: 2,
      most: many,
      takesNull: true,
      gives: (types) => commonType(types) ?? variant,
      apply: (values, types) => {
        const first = values.findIndex((value) => value !== null)
        return cast(given(values[first]), types[first] ?? variant, commonType(types) ?? variant)
      },
    },
  ],
  [
    'ARRAY_CONSTRUCT',
    {
      least: 0,
      most: many,
      takesNull: true,
      gives: () => ({ name: 'ARRAY' }),
      apply: (values, types) => values.map((value, index) => toJson(value, types[index] ?? variant)),
    },
  ],
  [
    'OBJECT_CONSTRUCT',
    {
      least: 0,
      most: many,
      takesNull: true,
      gives: () => ({ name: 'OBJECT' }),
      apply: (values, types) => {
        if (values.length % 2 === 1) throw new SnowflakeError('OBJECT_CONSTRUCT takes keys and values in pairs')
        const members = new Map<string, Json>()
        // A key or a value that is NULL leaves its pair out.
        for (let at = 0; at < values.length; at += 2) {
          const [key = null, value = null] = values.slice(at, at + 2)
          if (key !== null && value !== null) members.set(String(key), toJson(value, types[at + 1] ?? variant))
        }
        return members
      },
    },
  ],
])

const parsed = (source: string): Json => {
  if (source.trim() === '') return null
  try {
    return parseJson(source)
  } catch (cause) {
    throw new SnowflakeError('Error parsing JSON: the text is no JSON', { cause })
  }
}

const kindOf = (value: Value): string => {
  if (value instanceof Map) return 'OBJECT'
  if (isArray(value)) return 'ARRAY'
  if (typeof value === 'boolean') return 'BOOLEAN'
  if (typeof value === 'number') return 'DOUBLE'
  if (isDecimal(value)) return value.scale === 0 ? 'INTEGER' : 'DECIMAL'
  return 'VARCHAR'
}
