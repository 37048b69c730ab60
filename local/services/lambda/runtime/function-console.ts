import { format } from 'node:util'
import { errorDocument, thrownText } from './error-document.ts'

const levels = { trace: 'TRACE', debug: 'DEBUG', info: 'INFO', log: 'INFO', warn: 'WARN', error: 'ERROR' } as const

/**
 * Makes `console` write as Lambda's text log format has it: time, request id, level and message between tabs, all of it
 * to stdout. On the pipe a line break inside a message is a carriage return, so that the message stays one event.
 * https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html
 */
export const patchConsole = (requestId: () => string | undefined): void => {
  for (const [method, level] of Object.entries(levels)) {
    const write = (...message: unknown[]) => {
      const line = [new Date().toISOString(), requestId() ?? '-', level, format(...message)].join('\t')
      process.stdout.write(`${line.replaceAll('\n', '\r')}\n`)
    }
    Object.assign(console, { [method]: write })
  }
}

/**
 * Makes a write to stdout or stderr return when it is written, as on Lambda: nothing is lost when the process ends, and
 * all of it is on its way before the runtime reports. Left alone, Node queues what a full pipe does not take at once; it
 * has no public switch for that.
 */
export const writeSynchronously = (): void => {
  for (const stream of [process.stdout, process.stderr]) {
    const handle: unknown = Reflect.get(stream, '_handle')
    const setBlocking: unknown = typeof handle === 'object' && handle !== null && Reflect.get(handle, 'setBlocking')
    if (typeof setBlocking === 'function') setBlocking.call(handle, true)
  }
}

/** Logs what ended an invocation or an initialization, with the properties the error has of its own. */
export const logError = (heading: string, thrown: unknown): void => {
  const error = thrown instanceof Error ? thrown : new Error(thrownText(thrown))
  console.error(heading, `\t${errorJson(error)}`)
}

const errorJson = (error: Error): string => {
  try {
    return JSON.stringify(error, (_, value: unknown) =>
      value instanceof Error
        ? { errorType: value.name, errorMessage: value.message, ...value, stack: value.stack?.split('\n') }
        : value,
    )
  } catch {
    return JSON.stringify(errorDocument(error))
  }
}
