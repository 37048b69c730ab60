import { rereadAfter } from '../../shared/credentials/index.ts'
import { CommandFailure } from '../command-failure.ts'

/** A function that is in use reads its key again after so long, and so may log in with the one before until then. */
export const earliestFinish = (replacedAt: Date): Date => new Date(replacedAt.getTime() + rereadAfter)

interface Replaced {
  readonly version: number
  /** When the key was stored. */
  readonly since: Date
}

/** @throws CommandFailure while functions may still log in with the key before this one */
export const checkAge = ({ version, since }: Replaced, regardless: boolean, now: Date): void => {
  const earliest = earliestFinish(since)
  if (regardless || version === 1 || now >= earliest) return
  const minutes = Math.ceil((earliest.getTime() - now.getTime()) / 60_000)
  throw new CommandFailure(
    `The key was replaced at ${clock(since)}. Functions may use the previous key until ${clock(earliest)}.`,
    {
      remedy: `Wait ${minutes === 1 ? '1 minute' : `${minutes} minutes`}. To remove the previous key immediately, pass --now.`,
    },
  )
}

/** To the second, in UTC. */
export const clock = (time: Date): string =>
  time
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC')
