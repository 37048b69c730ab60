import type { ClaimedSignature } from './claimed-signature.ts'
import { type CheckRejection, quoteForLog, rejectWith, signatureMessages } from './signature-rejection.ts'
import type { SignedRequest } from './signed-request.ts'
import { secondsLater, type Timestamp } from './string-to-sign.ts'

export const malformedDate = ({ timestamp }: SignedRequest, claim: ClaimedSignature): CheckRejection | undefined =>
  timestamp === undefined
    ? rejectWith(
        'IncompleteSignature',
        signatureMessages.dateForm(claim.date ?? ''),
        `${claim.dateSource} is ${quoteForLog(claim.date ?? '')}; it has to be an existing moment in UTC as YYYYMMDDTHHMMSSZ${
          claim.dateSource === 'Date' ? ', or in HTTP’s own form' : ''
        }.`,
      )
    : undefined

const maxExpiresSeconds = 604_800

export const malformedExpires = (_: SignedRequest, { expires }: ClaimedSignature): CheckRejection | undefined => {
  if (expires === undefined) return undefined
  const explanation = `X-Amz-Expires is ${quoteForLog(expires)}; it has to be a number of seconds from 0 to ${maxExpiresSeconds}.`
  if (!/^\d+$/.test(expires)) return rejectWith('IncompleteSignature', signatureMessages.expiresForm, explanation)
  return Number(expires) > maxExpiresSeconds
    ? rejectWith('IncompleteSignature', signatureMessages.expiresRange, explanation)
    : undefined
}

const clockDifference = (now: Timestamp, timestamp: Timestamp): string => {
  const seconds = timestamp.seconds - now.seconds
  const direction = seconds < 0 ? 'behind' : 'ahead of'
  return `The request is dated ${timestamp.text}, ${Math.abs(seconds)} seconds ${direction} the clock here (${now.text})`
}

/** A presigned request lasts from its date for `X-Amz-Expires`; without that it is held to the clock as any other. */
export const expiredSignature = (
  { endpoint, now, timestamp }: SignedRequest,
  { expires }: ClaimedSignature,
): CheckRejection | undefined => {
  const window = expires === undefined ? endpoint.clockSkewMinutes * 60 : Number(expires)
  if (timestamp === undefined || timestamp.seconds >= now.seconds - window) return undefined
  return rejectWith(
    'SignatureDoesNotMatch',
    signatureMessages.expired(timestamp, secondsLater(now, -window), now, window),
    expires === undefined
      ? `${clockDifference(now, timestamp)}; ${window} are allowed.`
      : `${clockDifference(now, timestamp)}; its X-Amz-Expires gave it ${window}.`,
    expires === undefined
      ? 'The clock of the signer is slow, or the request was signed long before it was sent (or is a replay).'
      : 'Presign it anew.',
  )
}

export const notYetCurrent = ({ endpoint, now, timestamp }: SignedRequest): CheckRejection | undefined => {
  const window = endpoint.clockSkewMinutes * 60
  if (timestamp === undefined || timestamp.seconds <= now.seconds + window) return undefined
  return rejectWith(
    'SignatureDoesNotMatch',
    signatureMessages.notYetCurrent(timestamp, secondsLater(now, window), now, window),
    `${clockDifference(now, timestamp)}; ${window} are allowed.`,
    'The clock of the signer is fast, or it wrote its local time as if that were UTC.',
  )
}
