import { setTimeout } from 'node:timers/promises'
import { CommandFailure } from '../command-failure.ts'
import type { Progress } from './step.ts'

interface Waiting {
  readonly within: number
  readonly every: number
  readonly progress: Progress
  /** What the call waits for, while it is refused. */
  readonly until: string
}

/** Makes a call until it is let in, or the patience is over: then with the last refusal. */
export const patiently = async <Result>(
  call: () => Promise<Result>,
  { within, every, progress, until }: Waiting,
): Promise<Result> => {
  const end = Date.now() + within
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof CommandFailure) || Date.now() + every > end) throw error
      const left = Math.ceil((end - Date.now()) / 1_000)
      progress(`… rejected; waiting up to ${left} s until ${until}`)
      await setTimeout(every)
    }
  }
}
