import type { Readable, Writable } from 'node:stream'
import type { Environment } from '../shared/aws/lambda-environment.ts'

/** What a run of the command line has in place of the process. Several runs in one process do not meet. */
export interface CommandIo {
  readonly env: Environment
  /** Relative paths start here. Absolute. */
  readonly cwd: string
  readonly stdin: Readable
  readonly stdout: Writable
  readonly stderr: Writable
  /** Which of the streams a person reads or types at. */
  readonly isTerminal: { readonly stdin: boolean; readonly stdout: boolean }
  /** Ends the command when it aborts. Its reason is the name of the signal: `SIGTERM`. */
  readonly signal: AbortSignal
}

/** What a command gets. */
export interface CommandContext extends CommandIo {
  /** Of the run; 0 until a command sets another. */
  readonly setExitCode: (code: number) => void
}
