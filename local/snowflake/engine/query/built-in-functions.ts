import { SnowflakeError } from '../snowflake-error.ts'
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
export interface BuiltInFunction {
  readonly minArguments: number
  readonly maxArguments: number
  /** The types its arguments are cast to; undefined leaves them as they are. */
  readonly argumentType?: SnowflakeType
  readonly returnType: (types: readonly SnowflakeType[]) => SnowflakeType
  /** NULL among the arguments gives NULL, unless this is set. */
  readonly acceptsNull?: true
  readonly apply: (values: readonly Value[], types: readonly SnowflakeType[]) => Value
}

const unlimited = Number.POSITIVE_INFINITY
const orNull = (value: Value | undefined): Value => value ?? null

const textFunction = (
  maxArguments: number,
  apply: (...texts: readonly string[]) => Value,
  type = text,
): BuiltInFunction => ({
  minArguments: maxArguments === unlimited ? 1 : maxArguments,
  maxArguments,
  argumentType: text,
  returnType: () => type,
  apply: (values) => apply(...values.map(String)),
})

export const builtInFunctions: ReadonlyMap<string, BuiltInFunction> = new Map<string, BuiltInFunction>([
  ['UPPER', textFunction(1, (value = '') => value.toUpperCase())],
  ['LOWER', textFunction(1, (value = '') => value.toLowerCase())],
  ['CONCAT', textFunction(unlimited, (...values) => values.join(''))],
  ['LENGTH', textFunction(1, (value = '') => ({ units: BigInt([...value].length), scale: 0 }), number(18))],
  ['PARSE_JSON', textFunction(1, (value = '') => parseJsonText(value), variant)],
  [
    'TO_JSON',
    {
      minArguments: 1,
      maxArguments: 1,
      returnType: () => text,
      apply: ([value], [type]) => jsonText(toJson(orNull(value), type ?? variant)),
    },
  ],
  [
    'TO_VARIANT',
    {
      minArguments: 1,
      maxArguments: 1,
      returnType: () => variant,
      apply: ([value], [type]) => toJson(orNull(value), type ?? variant),
    },
  ],
  [
    'TO_VARCHAR',
    {
      minArguments: 1,
      maxArguments: 1,
      returnType: () => text,
      apply: ([value], [type]) => cast(orNull(value), type ?? text, text),
    },
  ],
  [
    'TYPEOF',
    {
      minArguments: 1,
      maxArguments: 1,
      argumentType: variant,
      returnType: () => text,
      apply: ([value]) => jsonTypeName(orNull(value)),
    },
  ],
  [
    'REPEAT',
    {
      minArguments: 2,
      maxArguments: 2,
      returnType: () => text,
      apply: ([value, times]) => String(value).repeat(Number(toText(orNull(times), number()))),
    },
  ],
  [
    'COALESCE',
    {
      minArguments: 2,
      maxArguments: unlimited,
      acceptsNull: true,
      returnType: (types) => commonType(types) ?? variant,
      apply: (values, types) => {
        const first = values.findIndex((value) => value !== null)
        return cast(orNull(values[first]), types[first] ?? variant, commonType(types) ?? variant)
      },
    },
  ],
  [
    'ARRAY_CONSTRUCT',
    {
      minArguments: 0,
      maxArguments: unlimited,
      acceptsNull: true,
      returnType: () => ({ name: 'ARRAY' }),
      apply: (values, types) => values.map((value, index) => toJson(value, types[index] ?? variant)),
    },
  ],
  [
    'OBJECT_CONSTRUCT',
    {
      minArguments: 0,
      maxArguments: unlimited,
      acceptsNull: true,
      returnType: () => ({ name: 'OBJECT' }),
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

const parseJsonText = (source: string): Json => {
  if (source.trim() === '') return null
  try {
    return parseJson(source)
  } catch (cause) {
    throw new SnowflakeError('Error parsing JSON: the text is not JSON', { cause })
  }
}

const jsonTypeName = (value: Value): string => {
  if (value instanceof Map) return 'OBJECT'
  if (isArray(value)) return 'ARRAY'
  if (typeof value === 'boolean') return 'BOOLEAN'
  if (typeof value === 'number') return 'DOUBLE'
  if (isDecimal(value)) return value.scale === 0 ? 'INTEGER' : 'DECIMAL'
  return 'VARCHAR'
}

/** Functions that Snowflake brings along and people reach for: to miss them is no error of theirs. */
export const unsupportedFunctions = new Set(
  `ABS ANY_VALUE ARRAY_AGG ARRAY_APPEND ARRAY_CAT ARRAY_CONTAINS ARRAY_SIZE ARRAY_TO_STRING AVG BASE64_DECODE_STRING
  BASE64_ENCODE BOOLAND BOOLOR CEIL CHARINDEX CHR COALESCE CONCAT_WS CONTAINS CONVERT_TIMEZONE COUNT_IF DATEADD DATEDIFF
  DATE_PART DATE_TRUNC DAY DECODE DENSE_RANK DIV0 ENDSWITH EQUAL_NULL FIRST_VALUE FLATTEN FLOOR GET GET_PATH GREATEST HASH
  HEX_DECODE_STRING HEX_ENCODE IFF IFNULL INITCAP IS_NULL_VALUE LAG LAST_VALUE LEAD LEAST LEFT LISTAGG LPAD LTRIM MD5 MEDIAN
  MOD MONTH NTILE NULLIF NVL NVL2 OBJECT_AGG OBJECT_DELETE OBJECT_INSERT OBJECT_KEYS PARSE_URL POSITION POWER RANDOM RANDSTR
  RANK REGEXP_COUNT REGEXP_LIKE REGEXP_REPLACE REGEXP_SUBSTR REPLACE REVERSE RIGHT ROUND ROW_NUMBER RPAD RTRIM SEQ1 SEQ2 SHA1
  SHA2 SPLIT SPLIT_PART SQRT STARTSWITH STDDEV STRIP_NULL_VALUE STRTOK SUBSTR SUBSTRING TO_ARRAY TO_BINARY TO_BOOLEAN TO_CHAR
  TO_DATE TO_DECIMAL TO_DOUBLE TO_NUMBER TO_OBJECT TO_TIME TO_TIMESTAMP TO_TIMESTAMP_LTZ TO_TIMESTAMP_NTZ TO_TIMESTAMP_TZ
  TRIM TRUNC TRY_CAST TRY_PARSE_JSON UNIFORM UUID_STRING VARIANCE YEAR ZEROIFNULL`.split(/\s+/),
)
