import { setTimeout } from 'node:timers/promises'
import { CommandFailure } from '../command-failure.ts'
import type { PrintProgress } from './setup-step.ts'

interface RetryOptions {
  readonly timeoutMs: number
  readonly intervalMs: number
  readonly print: PrintProgress
  /** What must happen before the call succeeds. */
  readonly waitingFor: string
}

/** Retries a call until it succeeds or the timeout is over: then it throws the last error. */
export const retryUntil = async <Result>(
  call: () => Promise<Result>,
  { timeoutMs, intervalMs, print, waitingFor }: RetryOptions,
): Promise<Result> => {
  const end = Date.now() + timeoutMs
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof CommandFailure) || Date.now() + intervalMs > end) throw error
      const left = Math.ceil((end - Date.now()) / 1_000)
      print(`… rejected; waiting up to ${left} s until ${waitingFor}`)
      await setTimeout(intervalMs)
    }
  }
}
