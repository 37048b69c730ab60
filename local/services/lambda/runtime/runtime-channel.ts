/** What the platform and the runtime in the child process say to each other. */

/** An invocation, as the runtime receives it. */
export interface InvocationMessage {
  readonly payload: string
  readonly requestId: string
  readonly traceId: string
  readonly invokedFunctionArn: string
  readonly clientContext?: string
  /** Milliseconds until the function is timed out. */
  readonly remainingMs: number
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface ErrorDocument {
  readonly errorType: string
  readonly errorMessage: string
  readonly trace?: readonly string[]
}

export type RuntimeMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'response'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: ErrorDocument }
  /** After these two the process exits. */
  | { readonly kind: 'init error'; readonly error: ErrorDocument }
  | { readonly kind: 'fatal error'; readonly error: ErrorDocument }

/** `memory`: MB that the process holds as it speaks, heap or not. */
export type RuntimeReport = RuntimeMessage & { readonly memory: number }

/** The runtime's line to the platform. */
interface RuntimeChannel {
  readonly send: (message: RuntimeMessage) => void
  /** The last words: the process exits once they are out, and nothing is said after them. */
  readonly sendAndExit: (message: RuntimeMessage, exitCode: number) => void
  /** Takes orders from now on, one at a time; what an order comes to is said when it is done. */
  readonly serve: (run: (message: InvocationMessage) => Promise<RuntimeMessage>) => void
}

/**
 * Takes over the IPC channel of this process and hides it: on Lambda a function finds no parent to talk to.
 *
 * The channel keeps the process alive only while it waits for an order. While code of the function is to run, a promise
 * that nothing will ever settle therefore ends the process, as it does on Lambda.
 */
export const openRuntimeChannel = (): RuntimeChannel => {
  const { channel } = process
  const send = process.send?.bind(process)
  if (!channel || !send) throw new TypeError('only the local stack starts this: it is the runtime of an environment')
  Reflect.deleteProperty(process, 'send')
  Reflect.deleteProperty(process, 'disconnect')
  // The stack is gone: so is this environment.
  process.on('disconnect', () => process.exit())
  channel.unref()

  let isExiting = false
  const report = (message: RuntimeMessage, onSent?: () => void) => {
    if (isExiting) return
    const memory = Math.round(process.memoryUsage.rss() / 1_048_576)
    send({ ...message, memory } satisfies RuntimeReport, undefined, undefined, () => onSent?.())
  }
  return {
    send: (message) => report(message),
    sendAndExit: (message, exitCode) => {
      report(message, () => process.exit(exitCode))
      isExiting = true
    },
    serve: (handle) => {
      process.on('message', async (invocation: InvocationMessage) => {
        channel.unref()
        const outcome = await handle(invocation)
        channel.ref()
        report(outcome)
      })
      channel.ref()
    },
  }
}
