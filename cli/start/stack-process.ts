import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import type { Environment } from '../../shared/aws/lambda-environment.ts'
import { CommandFailure } from '../command-failure.ts'

/** The process of the stack. Disposing of it ends the stack, and waits until it is gone. */
export interface StackProcess extends AsyncDisposable {
  readonly url: string
  /** The stack's log, kept back until now, goes there from here on. */
  readonly showLog: (stream: Writable) => void
  /** Settles with the exit code when the stack ends, for whatever reason. */
  readonly exitCode: Promise<number>
}

interface StackProcessOptions {
  /** What `packageService` made. */
  readonly packageDirectory: string
  readonly access: string
  readonly port: string
  readonly seed: string | undefined
  readonly env: Environment
  /** Ends the stack when it aborts. */
  readonly signal: AbortSignal
}

/** Milliseconds that the stack has for ending its functions, which takes it 50. */
const shutdownTimeout = 800

/** Starts the local stack as a child process, and waits until it listens. */
export const startStackProcess = async (root: string, options: StackProcessOptions): Promise<StackProcess> => {
  const { packageDirectory, access, port, seed, env, signal } = options
  signal.throwIfAborted()
  const args = [
    join(root, 'local', 'main.ts'),
    '--package',
    packageDirectory,
    '--access',
    access,
    '--port',
    port,
    ...(seed === undefined ? [] : ['--seed', seed]),
  ]
  const compileCache = join(root, 'node_modules', '.cache', 'snowgate', 'compiled')
  // The channel ends with this process, however it ends, and the stack with the channel. Ctrl-C is for this process to pass on.
  const child = spawn(process.execPath, args, {
    env: { NODE_COMPILE_CACHE: compileCache, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  })
  const log: Buffer[] = []
  const bufferLog = (chunk: Buffer) => log.push(chunk)
  child.stderr?.on('data', bufferLog)
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), shutdownTimeout)
    await ended
    clearTimeout(timer)
  }
  signal.addEventListener('abort', stop, { once: true })

  const url = await Promise.race([waitForUrl(child), ended])
  if (typeof url === 'number') throw new CommandFailure(Buffer.concat(log).toString().trim())
  return {
    url,
    showLog: (stream) => {
      child.stderr?.off('data', bufferLog)
      child.stderr?.pipe(stream, { end: false })
    },
    exitCode: ended,
    [Symbol.asyncDispose]: stop,
  }
}

const waitForUrl = async ({ stdout }: ChildProcess): Promise<string> => {
  if (stdout) {
    for await (const line of createInterface({ input: stdout })) {
      const url = /^listening (\S+)$/.exec(line)?.[1]
      if (url !== undefined) return url
    }
  }
  // It exited without output: the exit code is the reason.
  return new Promise(() => {})
}
