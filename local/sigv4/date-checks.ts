import type { Attempt } from './attempt.ts'
import { quoted, type Refused, refused } from './check.ts'
import type { Claim } from './claim.ts'
import { secondsLater, type Timestamp } from './timestamp.ts'
import { words } from './words.ts'

export const malformedDate = ({ timestamp }: Attempt, claim: Claim): Refused | undefined =>
  timestamp === undefined
    ? refused(
        'IncompleteSignature',
        words.dateForm(claim.date ?? ''),
        `${claim.dateFrom} is ${quoted(claim.date ?? '')}; it has to be an existing moment in UTC as YYYYMMDDTHHMMSSZ${
          claim.dateFrom === 'Date' ? ', or in HTTP’s own form' : ''
        }.`,
      )
    : undefined

const longestExpires = 604_800

export const malformedExpires = (_: Attempt, { expires }: Claim): Refused | undefined => {
  if (expires === undefined) return undefined
  const explained = `X-Amz-Expires is ${quoted(expires)}; it has to be a number of seconds from 0 to ${longestExpires}.`
  if (!/^\d+$/.test(expires)) return refused('IncompleteSignature', words.expiresForm, explained)
  return Number(expires) > longestExpires ? refused('IncompleteSignature', words.expiresRange, explained) : undefined
}

const off = (now: Timestamp, timestamp: Timestamp): string => {
  const seconds = timestamp.seconds - now.seconds
  const direction = seconds < 0 ? 'behind' : 'ahead of'
  return `The request is dated ${timestamp.text}, ${Math.abs(seconds)} seconds ${direction} the clock here (${now.text})`
}

/** A presigned request lasts from its date for `X-Amz-Expires`; without that it is held to the clock as any other. */
export const expired = ({ endpoint, now, timestamp }: Attempt, { expires }: Claim): Refused | undefined => {
  const window = expires === undefined ? endpoint.clockSkewMinutes * 60 : Number(expires)
  if (timestamp === undefined || timestamp.seconds >= now.seconds - window) return undefined
  return refused(
    'SignatureDoesNotMatch',
    words.expired(timestamp, secondsLater(now, -window), now, window),
    expires === undefined
      ? `${off(now, timestamp)}; ${window} are allowed.`
      : `${off(now, timestamp)}; its X-Amz-Expires gave it ${window}.`,
    expires === undefined
      ? 'The clock of the signer is slow, or the request was signed long before it was sent (or is a replay).'
      : 'Presign it anew.',
  )
}

export const notYetCurrent = ({ endpoint, now, timestamp }: Attempt): Refused | undefined => {
  const window = endpoint.clockSkewMinutes * 60
  if (timestamp === undefined || timestamp.seconds <= now.seconds + window) return undefined
  return refused(
    'SignatureDoesNotMatch',
    words.notYetCurrent(timestamp, secondsLater(now, window), now, window),
    `${off(now, timestamp)}; ${window} are allowed.`,
    'The clock of the signer is fast, or it wrote its local time as if that were UTC.',
  )
}
