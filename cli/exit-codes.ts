/** What the process's exit code tells a script; docs/cli.md has the table for people. */
export const exitCodes = {
  ok: 0,
  /** It could not be done: nobody listens, no credentials, a refused AssumeRole has `refused`. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** explain: nobody here knows the error. */
  unknown: 3,
  /** The answer, or STS on the way to it, was a 4xx. */
  refused: 4,
  /** The answer was a 5xx. */
  broken: 5,
  /** doctor: something between the parties is broken. */
  diagnosed: 6,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const exitCodeOf = (status: number): ExitCode =>
  status >= 500 ? exitCodes.broken : status >= 400 ? exitCodes.refused : exitCodes.ok
