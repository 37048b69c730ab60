import type { ErrorDocument } from './runtime-channel.ts'

/** An error that the runtime itself raises; its name becomes the `errorType`. */
export const runtimeError = (name: string, message: string): Error => Object.assign(new Error(message), { name })

/** Whatever was thrown, as the runtime client reports it (aws-lambda-ric 4, formatError). */
export const errorDocument = (thrown: unknown): ErrorDocument => {
  try {
    if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] }
    return { errorType: `${thrown.name}`, errorMessage: `${thrown.message}`, trace: thrown.stack?.split('\n') ?? [] }
  } catch {
    // A getter or toString of what was thrown threw in its turn. The words are the runtime client's.
    return { errorType: 'handled', errorMessage: unreadableErrorMessage, trace: [] }
  }
}

/** The text of whatever was thrown, as `String` gives it. */
export const thrownText = (thrown: unknown): string => {
  try {
    return String(thrown)
  } catch {
    return unreadableErrorMessage
  }
}

const unreadableErrorMessage =
  'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack'
