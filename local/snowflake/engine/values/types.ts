/** A Snowflake type with everything that says what its values look like. */
export type SnowflakeType =
  | { readonly name: 'NUMBER'; readonly precision: number; readonly scale: number }
  | { readonly name: 'VARCHAR' | 'BINARY'; readonly length: number }
  | { readonly name: DateTimeTypeName; readonly scale: number }
  | { readonly name: 'FLOAT' | 'BOOLEAN' | 'VARIANT' | 'OBJECT' | 'ARRAY' | 'NULL' }

export type DateTimeTypeName = 'DATE' | 'TIME' | 'TIMESTAMP_NTZ' | 'TIMESTAMP_LTZ' | 'TIMESTAMP_TZ'

/** The length that the header of a function `returns varchar` shows, in the page on data formats. */
const maxTextLength = 134_217_728

export const number = (precision = 38, scale = 0): SnowflakeType => ({ name: 'NUMBER', precision, scale })
export const text: SnowflakeType = { name: 'VARCHAR', length: maxTextLength }
export const variant: SnowflakeType = { name: 'VARIANT' }
export const boolean: SnowflakeType = { name: 'BOOLEAN' }
export const float: SnowflakeType = { name: 'FLOAT' }
/** The type of a bare NULL, which takes on any other. */
export const nullType: SnowflakeType = { name: 'NULL' }

type Sized = (sizes: readonly number[]) => SnowflakeType | undefined

const plain =
  (type: SnowflakeType): Sized =>
  (sizes) =>
    sizes.length === 0 ? type : undefined

const fixed: Sized = ([precision = 38, scale = 0, ...more]) =>
  precision >= 1 && precision <= 38 && scale <= precision && more.length === 0 ? number(precision, scale) : undefined

const sized =
  (name: 'VARCHAR' | 'BINARY', maxLength: number, defaultLength = maxLength): Sized =>
  ([length = defaultLength, ...more]) =>
    length >= 1 && length <= maxLength && more.length === 0 ? { name, length } : undefined

const dateTimeType =
  (name: DateTimeTypeName): Sized =>
  ([scale = 9, ...more]) =>
    scale <= 9 && more.length === 0 ? { name, scale } : undefined

/** https://docs.snowflake.com/en/sql-reference/intro-summary-data-types. GEOGRAPHY and its like are missing. */
const byName: ReadonlyMap<string, Sized> = new Map<string, Sized>([
  ...(['NUMBER', 'DECIMAL', 'NUMERIC'] as const).map((name): [string, Sized] => [name, fixed]),
  ...['INT', 'INTEGER', 'BIGINT', 'SMALLINT', 'TINYINT', 'BYTEINT'].map((name): [string, Sized] => [
    name,
    plain(number()),
  ]),
  ...['FLOAT', 'FLOAT4', 'FLOAT8', 'DOUBLE', 'REAL'].map((name): [string, Sized] => [name, plain(float)]),
  ...['VARCHAR', 'STRING', 'TEXT'].map((name): [string, Sized] => [name, sized('VARCHAR', maxTextLength)]),
  ...['CHAR', 'CHARACTER'].map((name): [string, Sized] => [name, sized('VARCHAR', maxTextLength, 1)]),
  ...['BINARY', 'VARBINARY'].map((name): [string, Sized] => [name, sized('BINARY', maxTextLength / 2)]),
  ['BOOLEAN', plain(boolean)],
  ['DATE', plain({ name: 'DATE', scale: 0 })],
  ['TIME', dateTimeType('TIME')],
  // TIMESTAMP_TYPE_MAPPING is TIMESTAMP_NTZ unless a session says otherwise.
  ...['TIMESTAMP', 'DATETIME', 'TIMESTAMP_NTZ', 'TIMESTAMPNTZ'].map((name): [string, Sized] => [
    name,
    dateTimeType('TIMESTAMP_NTZ'),
  ]),
  ...['TIMESTAMP_LTZ', 'TIMESTAMPLTZ'].map((name): [string, Sized] => [name, dateTimeType('TIMESTAMP_LTZ')]),
  ...['TIMESTAMP_TZ', 'TIMESTAMPTZ'].map((name): [string, Sized] => [name, dateTimeType('TIMESTAMP_TZ')]),
  ['VARIANT', plain(variant)],
  ['OBJECT', plain({ name: 'OBJECT' })],
  ['ARRAY', plain({ name: 'ARRAY' })],
])

/** The type that a name and its sizes in parentheses stand for; undefined if the local Snowflake has none such. */
export const namedType = (name: string, sizes: readonly number[]): SnowflakeType | undefined =>
  byName.get(name)?.(sizes)

/** `VARCHAR(134217728)`, `NUMBER(38,0)`, `VARIANT` */
export const typeText = (type: SnowflakeType): string => {
  if (type.name === 'NUMBER') return `NUMBER(${type.precision},${type.scale})`
  if ('length' in type) return `${type.name}(${type.length})`
  return 'scale' in type && type.name !== 'DATE' ? `${type.name}(${type.scale})` : type.name
}

export const isDateTimeType = (type: SnowflakeType): type is SnowflakeType & { readonly name: DateTimeTypeName } =>
  /^(DATE|TIME)/.test(type.name)

/** The type that holds the values of all; undefined if there is none without a cast. */
export const commonType = (types: readonly SnowflakeType[]): SnowflakeType | undefined =>
  types.reduce<SnowflakeType | undefined>((left, right) => left && wider(left, right), nullType)

const wider = (left: SnowflakeType, right: SnowflakeType): SnowflakeType | undefined => {
  if (left.name === 'NULL') return right
  if (right.name === 'NULL') return left
  if (left.name === 'NUMBER' && right.name === 'NUMBER') {
    const scale = Math.max(left.scale, right.scale)
    const whole = Math.max(left.precision - left.scale, right.precision - right.scale)
    return number(Math.min(38, whole + scale), scale)
  }
  if ('length' in left && left.name === right.name)
    return { name: left.name, length: Math.max(left.length, right.length) }
  if (left.name === right.name) return left
  const names = [left.name, right.name]
  if (names.includes('VARIANT')) return variant
  return names.includes('FLOAT') && names.includes('NUMBER') ? float : undefined
}
