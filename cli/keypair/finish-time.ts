import { rereadAfterMs } from '../../shared/aws/key-pair-reader.ts'
import { CommandFailure } from '../command-failure.ts'

/** A running function reads its key again after this time, and may use the previous key until then. */
export const earliestFinish = (replacedAt: Date): Date => new Date(replacedAt.getTime() + rereadAfterMs)

interface ReplacedKey {
  readonly version: number
  /** When the key was stored. */
  readonly storedAt: Date
}

/** @throws CommandFailure while functions may still log in with the previous key */
export const checkKeyAge = ({ version, storedAt }: ReplacedKey, ignoreAge: boolean, now: Date): void => {
  const earliest = earliestFinish(storedAt)
  if (ignoreAge || version === 1 || now >= earliest) return
  const minutes = Math.ceil((earliest.getTime() - now.getTime()) / 60_000)
  throw new CommandFailure(
    `The key was replaced at ${utcTime(storedAt)}. Functions may use the previous key until ${utcTime(earliest)}.`,
    {
      remedy: `Wait ${minutes === 1 ? '1 minute' : `${minutes} minutes`}. To remove the previous key immediately, pass --now.`,
    },
  )
}

/** To the second, in UTC. */
export const utcTime = (time: Date): string =>
  time
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
