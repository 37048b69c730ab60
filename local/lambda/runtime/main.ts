/**
 * The Node 24 runtime inside a simulated execution environment: the entry point of a child process. It loads the handler
 * once and answers one order after another. https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
import { setImmediate } from 'node:timers/promises'
import { openChannel } from './channel.ts'
import { logError, patchConsole, writeAtOnce } from './console.ts'
import { context } from './context.ts'
import { errorDocument, inWords, runtimeError } from './error-document.ts'
import { type Handler, loadHandler } from './load-handler.ts'
import type { Order, Said } from './messages.ts'

/** Bytes of a response that Lambda takes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const responseLimit = 6_291_556

const channel = openChannel()
const { env } = process
let requestId: string | undefined

const initialize = async (): Promise<void> => {
  try {
    const handler = await loadHandler(process.cwd(), env['_HANDLER'] ?? '')
    channel.serve((order) => carryOut(handler, order))
    channel.say({ kind: 'ready' })
  } catch (error) {
    logError('Init Error', error)
    channel.sayAndExit({ kind: 'init error', error: errorDocument(error) }, 1)
  }
}

const carryOut = async (handler: Handler, order: Order): Promise<Said> => {
  requestId = order.requestId
  env['_X_AMZN_TRACE_ID'] = order.traceId
  try {
    const value = await handler(JSON.parse(order.payload), context(order, env))
    // One turn of the event loop, in which a rejection that nobody handled comes to light.
    await setImmediate()
    return response(value)
  } catch (error) {
    await setImmediate()
    logError('Invoke Error', error)
    return { kind: 'error', error: errorDocument(error) }
  } finally {
    requestId = undefined
  }
}

const response = (value: unknown): Said => {
  const payload = serialized(value)
  if (Buffer.byteLength(payload) <= responseLimit) return { kind: 'response', payload }
  // Lambda judges this outside; here it saves the journey of a response of any size.
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${responseLimit} bytes).`
  return { kind: 'error', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } }
}

const serialized = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    throw runtimeError('Runtime.JSONStringifyError', 'Unable to stringify response body')
  }
}

// An exception outside the handler's promise has no such listener: Node prints it and exits with status 1.
process.on('unhandledRejection', (reason) => {
  const error = Object.assign(runtimeError('Runtime.UnhandledPromiseRejection', inWords(reason)), { reason })
  logError('Unhandled Promise Rejection', error)
  channel.sayAndExit({ kind: 'fatal error', error: errorDocument(error) }, 128)
})
writeAtOnce()
patchConsole(() => requestId)
Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: () => {
      throw runtimeError('LocalUnsupported', 'the local stack does not imitate awslambda.streamifyResponse')
    },
  },
})
initialize()
