import type { DateTimeTypeName } from './types.ts'

/** A date, a time or both: nanoseconds of the wall clock since 1970, and how far that clock is ahead of UTC. */
export interface DateTime {
  readonly nanoseconds: bigint
  readonly offsetMinutes: number
}

const day = 86_400_000_000_000n
const minute = 60_000_000_000n

/** The session's time zone is UTC, where Snowflake's own default is America/Los_Angeles. */
export const dateTimeOf = (instant: Date): DateTime => ({
  nanoseconds: BigInt(instant.getTime()) * 1_000_000n,
  offsetMinutes: 0,
})

const isoPattern =
  /^\s*(?:(\d{4})-(\d\d)-(\d\d))?(?:(?:^|[T ])(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?\s*$/

/** ISO forms alone; undefined for what the type cannot be read from. */
export const parseDateTime = (source: string, type: DateTimeTypeName): DateTime | undefined => {
  const [, year, month, date, hour, minutes = '0', seconds = '0', fraction = '', zone] = isoPattern.exec(source) ?? []
  if (type === 'TIME' ? hour === undefined || year !== undefined : year === undefined) return undefined
  if (Number(hour ?? 0) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined
  const midnight = Date.UTC(Number(year ?? 1970), Number(month ?? 1) - 1, Number(date ?? 1))
  if (year !== undefined && new Date(midnight).toISOString().slice(0, 10) !== `${year}-${month}-${date}`)
    return undefined
  const clock = (Number(hour ?? 0) * 3_600 + Number(minutes) * 60 + Number(seconds)) * 1_000
  const [, sign, zoneHours = '0', zoneMinutes = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '') ?? []
  const dateTime = {
    nanoseconds: BigInt(midnight + clock) * 1_000_000n + BigInt(fraction.padEnd(9, '0')),
    offsetMinutes: (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes)),
  }
  return convertDateTime(dateTime, type)
}

/** What is left of a moment in another type. */
export const convertDateTime = (dateTime: DateTime, type: DateTimeTypeName): DateTime => {
  const { nanoseconds } = dateTime
  const sinceMidnight = ((nanoseconds % day) + day) % day
  if (type === 'TIMESTAMP_TZ') return dateTime
  if (type === 'TIMESTAMP_LTZ') return { nanoseconds: utcNanoseconds(dateTime), offsetMinutes: 0 }
  if (type === 'TIME') return { nanoseconds: sinceMidnight, offsetMinutes: 0 }
  return { nanoseconds: type === 'DATE' ? nanoseconds - sinceMidnight : nanoseconds, offsetMinutes: 0 }
}

export const utcNanoseconds = ({ nanoseconds, offsetMinutes }: DateTime): bigint =>
  nanoseconds - BigInt(offsetMinutes) * minute

/**
 * In the default output formats of a session: `YYYY-MM-DD`, `HH24:MI:SS`, `YYYY-MM-DD HH24:MI:SS.FF3` and, with a zone,
 * `TZHTZM` after it. https://docs.snowflake.com/en/sql-reference/date-time-input-output
 */
export const dateTimeText = (dateTime: DateTime, type: DateTimeTypeName): string => {
  const { nanoseconds, offsetMinutes } = dateTime
  const milliseconds = nanoseconds >= 0n ? nanoseconds / 1_000_000n : (nanoseconds - 999_999n) / 1_000_000n
  const iso = new Date(Number(milliseconds)).toISOString()
  if (type === 'DATE') return iso.slice(0, 10)
  if (type === 'TIME') return iso.slice(11, 19)
  const wallClock = iso.slice(0, 23).replace('T', ' ')
  return type === 'TIMESTAMP_NTZ' ? wallClock : `${wallClock} ${zoneText(offsetMinutes)}`
}

const zoneText = (offsetMinutes: number): string => {
  const distance = Math.abs(offsetMinutes)
  const two = (count: number) => String(count).padStart(2, '0')
  return `${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(distance / 60))}${two(distance % 60)}`
}
