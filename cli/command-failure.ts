/** The exit codes of the process, as documented in docs/cli.md. */
export const exitCodes = {
  ok: 0,
  /** The command failed: no connection, no credentials. A rejected AssumeRole has `rejected`. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** explain: the error is unknown. */
  unknownError: 3,
  /** The response was a 4xx, or STS rejected the role. */
  rejected: 4,
  /** The response was a 5xx. */
  serverError: 5,
  /** doctor: a check failed. */
  checksFailed: 6,
} as const

type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const exitCodeOf = (status: number): ExitCode =>
  status >= 500 ? exitCodes.serverError : status >= 400 ? exitCodes.rejected : exitCodes.ok

/** Ends the command with a message for its user. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: ExitCode

  /** @param remedy what to do about it, on a second line */
  constructor(message: string, { exitCode = exitCodes.failed, remedy }: { exitCode?: ExitCode; remedy?: string } = {}) {
    super(remedy === undefined ? message : `${message}\n${remedy}`)
    this.exitCode = exitCode
  }
}

export const usageFailure = (message: string, remedy?: string) =>
  new CommandFailure(message, { exitCode: exitCodes.usage, ...(remedy !== undefined && { remedy }) })

/** A read failed for a reason that says nothing about the checked resource, such as a missing permission. */
export class InconclusiveError extends Error {
  override readonly name: string = 'InconclusiveError'
}
