import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { CommandFailure } from '../command-failure.ts'

export interface RunningStack {
  readonly url: string
  /** The stack's log, kept back until now, goes to standard error from here on. */
  readonly showLog: () => void
  readonly stop: () => void
  /** Settles with the exit code when the stack ends, for whatever reason. */
  readonly ended: Promise<number>
}

interface Order {
  readonly packageDirectory: string
  readonly access: string
  readonly port: string
  readonly seed?: string
}

/** Runs the local stack as a process of its own, and waits until it listens. */
export const runStack = async (
  root: string,
  { packageDirectory, access, port, seed }: Order,
): Promise<RunningStack> => {
  const args = [
    join(root, 'local', 'main.ts'),
    ...['--package', packageDirectory, '--access', access, '--port', port],
    ...(seed === undefined ? [] : ['--seed', seed]),
  ]
  // The channel ends with this process, however it ends, and the stack with the channel. Ctrl-C is for this process to pass on.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached: true })
  const log: Buffer[] = []
  const keep = (chunk: Buffer) => log.push(chunk)
  child.stderr?.on('data', keep)
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)))

  const url = await Promise.race([listening(child), ended])
  if (typeof url === 'number') throw new CommandFailure(Buffer.concat(log).toString().trim())
  return {
    url,
    showLog: () => {
      child.stderr?.off('data', keep)
      child.stderr?.pipe(process.stderr)
    },
    stop: () => child.kill('SIGTERM'),
    ended,
  }
}

const listening = async ({ stdout }: ChildProcess): Promise<string> => {
  if (stdout) {
    for await (const line of createInterface({ input: stdout })) {
      const url = /^listening (\S+)$/.exec(line)?.[1]
      if (url !== undefined) return url
    }
  }
  // It ended without a word: whoever waits learns it from the exit.
  return new Promise(() => {})
}
