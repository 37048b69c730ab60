import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import type { CommandIo } from '../../cli/io.ts'
import { run } from '../../cli/run.ts'
import { isolatedEnvironment, type ProgramResult } from '../run-program.ts'

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Absent: the repository. */
  readonly cwd?: string
  /** Ends the command; absent: it ends by itself. */
  readonly signal?: AbortSignal
}

type Run = (args: readonly string[], options?: RunOptions) => Promise<ProgramResult>

// What the SDK and the driver of Snowflake read from the process, for all runs of a test file: nothing of the developer's own.
for (const name of Object.keys(process.env)) if (/^(AWS|SNOWFLAKE|SNOWGATE)_/.test(name)) delete process.env[name]
Object.assign(process.env, isolatedEnvironment, { SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true' })

const repository = join(import.meta.dirname, '../..')

export interface StartedCommand {
  /** Settles when the command has ended. */
  readonly ended: Promise<ProgramResult>
  /** What it has printed up to now. */
  readonly stdout: () => string
  readonly stderr: () => string
}

/** The command line in this process, while it runs. */
export const startSnowgate = (
  args: readonly string[],
  options: RunOptions = {},
  runOf: typeof run = run,
): StartedCommand => {
  const { env = {}, stdin = '', cwd = repository, signal = new AbortController().signal } = options
  const [stdout, stderr] = [collectText(), collectText()]
  const io: CommandIo = {
    env: { ...isolatedEnvironment, ...env },
    cwd,
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    isTerminal: { stdin: false, stdout: false },
    signal,
  }
  const ended = runOf(args, io).then((code) => ({ code, stdout: stdout.text(), stderr: stderr.text() }))
  return { ended, stdout: stdout.text, stderr: stderr.text }
}

const collectText = () => {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write: (chunk, _, written) => {
      chunks.push(Buffer.from(chunk))
      written()
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString() }
}

/** The command line in this process. */
export const runSnowgate: Run = (args, options) => startSnowgate(args, options).ended

/** The command line of a copy of the repository. */
export const snowgateOf =
  (root: string): Run =>
  async (args, options) => {
    const copied: { readonly run: typeof run } = await import(join(root, 'cli', 'run.ts'))
    return startSnowgate(args, { cwd: root, ...options }, copied.run).ended
  }
