import type { Order, Report, Said } from './messages.ts'

/** The runtime's line to the platform. */
export interface Channel {
  readonly say: (said: Said) => void
  /** The last words: the process exits once they are out, and nothing is said after them. */
  readonly sayAndExit: (said: Said, exitCode: number) => void
  /** Takes orders from now on, one at a time; what an order comes to is said when it is done. */
  readonly serve: (carryOut: (order: Order) => Promise<Said>) => void
}

/**
 * Takes over the IPC channel of this process and hides it: on Lambda a function finds no parent to talk to.
 *
 * The channel keeps the process alive only while it waits for an order. While code of the function is to run, a promise
 * that nothing will ever settle therefore ends the process, as it does on Lambda.
 */
export const openChannel = (): Channel => {
  const { channel } = process
  const send = process.send?.bind(process)
  if (!channel || !send) throw new TypeError('only the local stack starts this: it is the runtime of an environment')
  Reflect.deleteProperty(process, 'send')
  Reflect.deleteProperty(process, 'disconnect')
  // The stack is gone: so is this environment.
  process.on('disconnect', () => process.exit())
  channel.unref()

  let ending = false
  const report = (said: Said, sent?: () => void) => {
    if (ending) return
    const memory = Math.round(process.memoryUsage.rss() / 1_048_576)
    send({ ...said, memory } satisfies Report, undefined, undefined, () => sent?.())
  }
  return {
    say: (said) => report(said),
    sayAndExit: (said, exitCode) => {
      report(said, () => process.exit(exitCode))
      ending = true
    },
    serve: (carryOut) => {
      process.on('message', async (order: Order) => {
        channel.unref()
        const outcome = await carryOut(order)
        channel.ref()
        report(outcome)
      })
      channel.ref()
    },
  }
}
