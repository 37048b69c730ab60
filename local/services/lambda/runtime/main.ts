import { setImmediate } from 'node:timers/promises'
import { errorDocument, runtimeError, thrownText } from './error-document.ts'
import { logError, patchConsole, writeSynchronously } from './function-console.ts'
import { lambdaContext } from './lambda-context.ts'
import { type Handler, loadHandler } from './load-handler.ts'
import { type InvocationMessage, openRuntimeChannel, type RuntimeMessage } from './runtime-channel.ts'

/**
 * The Node 24 runtime inside a simulated execution environment: the entry point of a child process. It loads the handler
 * once and answers one order after another. https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */

/** Bytes of a response that Lambda takes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const responseLimit = 6_291_556

const channel = openRuntimeChannel()
const { env } = process
let requestId: string | undefined

const initialize = async (): Promise<void> => {
  try {
    const handler = await loadHandler(process.cwd(), env['_HANDLER'] ?? '')
    channel.serve((invocation) => runInvocation(handler, invocation))
    channel.send({ kind: 'ready' })
  } catch (error) {
    logError('Init Error', error)
    channel.sendAndExit({ kind: 'init error', error: errorDocument(error) }, 1)
  }
}

const runInvocation = async (handler: Handler, invocation: InvocationMessage): Promise<RuntimeMessage> => {
  requestId = invocation.requestId
  env['_X_AMZN_TRACE_ID'] = invocation.traceId
  try {
    const value = await handler(JSON.parse(invocation.payload), lambdaContext(invocation, env))
    // One turn of the event loop, in which an unhandled rejection is reported.
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

const response = (value: unknown): RuntimeMessage => {
  const payload = serialize(value)
  if (Buffer.byteLength(payload) <= responseLimit) return { kind: 'response', payload }
  // Lambda judges this outside; here it saves the journey of a response of any size.
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${responseLimit} bytes).`
  return { kind: 'error', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } }
}

const serialize = (value: unknown): string => {
  try {
    return JSON.stringify(value) ?? 'null'
  } catch {
    throw runtimeError('Runtime.JSONStringifyError', 'Unable to stringify response body')
  }
}

// An exception outside the handler's promise has no such listener: Node prints it and exits with status 1.
process.on('unhandledRejection', (reason) => {
  const error = Object.assign(runtimeError('Runtime.UnhandledPromiseRejection', thrownText(reason)), { reason })
  logError('Unhandled Promise Rejection', error)
  channel.sendAndExit({ kind: 'fatal error', error: errorDocument(error) }, 128)
})
writeSynchronously()
patchConsole(() => requestId)
Object.assign(globalThis, {
  awslambda: {
    streamifyResponse: () => {
      throw runtimeError('LocalUnsupported', 'the local stack does not imitate awslambda.streamifyResponse')
    },
  },
})
initialize()
