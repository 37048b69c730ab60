import { setTimeout as sleep } from 'node:timers/promises'
import { startSnowgate } from './run-snowgate.ts'

interface StartedStack extends AsyncDisposable {
  readonly url: string
  /** Up to the ready line. */
  readonly stdout: string
  /** Sends the signal, as it were, and gives the exit code once the command has ended. */
  readonly end: (signal: 'SIGTERM' | 'SIGINT') => Promise<number | null>
}

/** `snowgate start` in this process until its ready line. The stack, a process of its own, ends with the test, even a failed one. */
export const startedStack = async (...args: readonly string[]): Promise<StartedStack> => {
  const shutdownSignal = new AbortController()
  const { ended, stdout, stderr } = startSnowgate(['start', '--port', '0', ...args], { signal: shutdownSignal.signal })
  const end = async (signal: 'SIGTERM' | 'SIGINT') => {
    shutdownSignal.abort(signal)
    return (await ended).code
  }
  let code: number | null | undefined
  void ended.then((one) => {
    code = one.code
  })
  for (;;) {
    const url = /^snowgate ready (\S+)\n$/m.exec(stdout())?.[1]
    if (url !== undefined) {
      return {
        url,
        stdout: stdout(),
        end,
        [Symbol.asyncDispose]: async () => {
          await end('SIGTERM')
        },
      }
    }
    if (code !== undefined) throw new Error(`start ended with ${code} before it was ready: ${stderr()}`)
    await sleep(50)
  }
}
