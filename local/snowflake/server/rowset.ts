import type { Frame } from '../engine/query/index.ts'
import {
  type DateTime,
  isDateTime,
  type SnowflakeType,
  toText,
  utcNanoseconds,
  type Value,
} from '../engine/values/index.ts'

const second = 1_000_000_000n
const day = 86_400n * second
/** More bytes than any text has. */
const maxTextBytes = 134_217_728

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
    ...columnType(type),
  }))

const columnType = (type: SnowflakeType) => {
  if (type.name === 'NUMBER') return { type: 'fixed', precision: type.precision, scale: type.scale }
  if (type.name === 'FLOAT') return { type: 'real' }
  if (type.name === 'VARCHAR') return textColumn(type.length)
  if (type.name === 'BINARY') return { type: 'binary', length: type.length, byteLength: type.length }
  if (type.name === 'NULL') return textColumn(maxTextBytes)
  // A date has no fraction; a time and a timestamp have a scale and no precision.
  if ('scale' in type && type.name !== 'DATE') return { type: type.name.toLowerCase(), precision: 0, scale: type.scale }
  return { type: type.name.toLowerCase() }
}

const textColumn = (length: number) => ({ type: 'text', length, byteLength: Math.min(4 * length, maxTextBytes) })

export const rowSet = ({ columns, length }: Frame): readonly (readonly (string | null)[])[] =>
  Array.from({ length }, (_, row) => columns.map(({ type, values }) => cell(values[row] ?? null, type)))

/** A cell is a text, whatever its type: dates in days and moments in seconds since 1970. */
const cell = (value: Value, type: SnowflakeType): string | null => {
  if (isDateTime(value)) return dateTimeCell(value, type)
  if (type.name === 'BOOLEAN' && value !== null) return value === true ? '1' : '0'
  return toText(value, type)
}

const dateTimeCell = (dateTime: DateTime, type: SnowflakeType): string => {
  if (type.name === 'DATE') return String(dateTime.nanoseconds / day)
  const scale = 'scale' in type ? type.scale : 9
  if (type.name !== 'TIMESTAMP_TZ') return seconds(utcNanoseconds(dateTime), scale)
  // The zone follows as minutes, moved up by a day so that it has no sign.
  return `${seconds(utcNanoseconds(dateTime), scale)} ${dateTime.offsetMinutes + 1_440}`
}

const seconds = (nanoseconds: bigint, scale: number): string => {
  const distance = nanoseconds < 0n ? -nanoseconds : nanoseconds
  const fraction = String(distance % second)
    .padStart(9, '0')
    .slice(0, scale)
  return `${nanoseconds < 0n ? '-' : ''}${distance / second}${scale > 0 ? `.${fraction}` : ''}`
}
