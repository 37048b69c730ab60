import {
  type Frame,
  instantOf,
  isInstant,
  type Moment,
  type SnowflakeType,
  toText,
  type Value,
} from '../snowflake/index.ts'

const second = 1_000_000_000n
const day = 86_400n * second
/** More bytes than any text has. */
const mostBytes = 134_217_728

export const rowType = ({ columns }: Frame) =>
  columns.map(({ name, type }) => ({
    name,
    database: '',
    schema: '',
    table: '',
    nullable: true,
    collation: null,
    length: null,
    byteLength: null,
    precision: null,
    scale: null,
    ...form(type),
  }))

const form = (type: SnowflakeType) => {
  if (type.name === 'NUMBER') return { type: 'fixed', precision: type.precision, scale: type.scale }
  if (type.name === 'FLOAT') return { type: 'real' }
  if (type.name === 'VARCHAR') return textOf(type.length)
  if (type.name === 'BINARY') return { type: 'binary', length: type.length, byteLength: type.length }
  if (type.name === 'NULL') return textOf(mostBytes)
  // A date has no fraction; a time and a timestamp have a scale and no precision.
  if ('scale' in type && type.name !== 'DATE') return { type: type.name.toLowerCase(), precision: 0, scale: type.scale }
  return { type: type.name.toLowerCase() }
}

const textOf = (length: number) => ({ type: 'text', length, byteLength: Math.min(4 * length, mostBytes) })

export const rowSet = ({ columns, length }: Frame): readonly (readonly (string | null)[])[] =>
  Array.from({ length }, (_, row) => columns.map(({ type, values }) => cell(values[row] ?? null, type)))

/** A cell is a text, whatever its type: dates in days and moments in seconds since 1970. */
const cell = (value: Value, type: SnowflakeType): string | null => {
  if (isInstant(value)) return momentCell(value, type)
  if (type.name === 'BOOLEAN' && value !== null) return value === true ? '1' : '0'
  return toText(value, type)
}

const momentCell = (moment: Moment, type: SnowflakeType): string => {
  if (type.name === 'DATE') return String(moment.nanoseconds / day)
  const scale = 'scale' in type ? type.scale : 9
  if (type.name !== 'TIMESTAMP_TZ') return seconds(instantOf(moment), scale)
  // The zone follows as minutes, moved up by a day so that it has no sign.
  return `${seconds(instantOf(moment), scale)} ${moment.offsetMinutes + 1_440}`
}

const seconds = (nanoseconds: bigint, scale: number): string => {
  const distance = nanoseconds < 0n ? -nanoseconds : nanoseconds
  const fraction = String(distance % second)
    .padStart(9, '0')
    .slice(0, scale)
  return `${nanoseconds < 0n ? '-' : ''}${distance / second}${scale > 0 ? `.${fraction}` : ''}`
}
