import { type ChildProcess, spawn } from 'node:child_process'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createLogLines } from './function-log.ts'
import type { LambdaFunction } from './lambda-function.ts'
import type { InvocationMessage, RuntimeReport } from './runtime/runtime-channel.ts'

/** What came of waiting for the runtime. After the last two the process is gone. */
export type SandboxOutcome =
  | RuntimeReport
  | { readonly kind: 'timeout' }
  | { readonly kind: 'exit'; readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** One child process with the runtime in it. */
export interface Sandbox {
  readonly send: (message: InvocationMessage) => void
  /** What the runtime says next; when it says nothing in so many milliseconds it is killed. */
  readonly next: (withinMs: number) => Promise<SandboxOutcome>
  readonly alive: () => boolean
  /** Kills the process and whatever it started; resolves when it is gone. */
  readonly kill: () => Promise<void>
}

/**
 * Starts the runtime in a Node of its own, apart from the stack in everything but the file system: no variable of the
 * stack, no standard input, its own process group, its own heap. It exits when the stack is gone, however the stack went;
 * only code in an endless loop outlives a stack that was killed outright.
 *
 * The two talk over Node's IPC channel and not over Lambda's runtime API on a loopback port: a round trip took 75 µs
 * against 440 µs, and no function can tell, since it meets the runtime API through its runtime alone. What else would
 * speak it, extensions and custom runtimes, is not imitated. (Measured with an event of 1.5 KB on Node 24.)
 */
export const startSandbox = (
  fn: LambdaFunction,
  variables: Readonly<Record<string, string>>,
  onLine: (stream: 'stdout' | 'stderr', line: string) => void,
): Sandbox => {
  const child = spawn(process.execPath, [...heapLimits(fn), runtimePath], {
    cwd: fn.codeDirectory,
    env: { ...variables },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced', // JSON would escape each payload, which is JSON already
    detached: true,
  })
  const stdout = createLogLines((line) => onLine('stdout', line))
  const stderr = createLogLines((line) => onLine('stderr', line))
  child.stdout?.setEncoding('utf8').on('data', stdout.write)
  child.stderr?.setEncoding('utf8').on('data', stderr.write)
  const flush = () => {
    stdout.flush()
    stderr.flush()
  }

  const pendingOutcomes: (SandboxOutcome | Error)[] = []
  let listener: ((outcome: SandboxOutcome | Error) => void) | undefined
  let hasExited = false
  const deliver = (outcome: SandboxOutcome | Error) => {
    if (!listener) pendingOutcomes.push(outcome)
    listener?.(outcome)
    listener = undefined
  }
  const waitForOutcome = (withinMs: number) =>
    new Promise<SandboxOutcome | Error>((resolve) => {
      const timer = setTimeout(() => deliver({ kind: 'timeout' }), withinMs)
      listener = (outcome) => {
        clearTimeout(timer)
        resolve(outcome)
      }
    })

  child.on('message', (message) => {
    if (isRuntimeReport(message)) deliver(message)
  })
  const exited = new Promise<void>((resolve) => {
    const closed = new Promise((resolveClosed) => child.once('close', resolveClosed))
    child.once('exit', async (code, signal) => {
      hasExited = true
      killGroup(child)
      // What was written before the end is on its way still; a pipe that another process holds open is not waited for.
      await Promise.race([closed, sleep(1_000, undefined, { ref: false })])
      flush()
      deliver({ kind: 'exit', code, signal })
      resolve()
    })
    child.once('error', (cause) => {
      if (child.pid !== undefined) return
      hasExited = true
      deliver(new Error(`the local stack cannot start ${fn.name} in ${fn.codeDirectory}: ${cause.message}`, { cause }))
      resolve()
    })
  })
  const kill = () => {
    if (!hasExited) killGroup(child)
    return exited
  }

  return {
    // A runtime that went away in this moment says so by its exit.
    send: (invocation) => void child.send(invocation, () => {}),
    next: async (withinMs) => {
      const outcome = pendingOutcomes.shift() ?? (await waitForOutcome(withinMs))
      if (outcome instanceof Error) throw outcome
      if (outcome.kind === 'timeout') await kill()
      // What the function wrote was in the pipes before the report: one turn of the event loop brings all of it.
      else await setImmediate()
      flush()
      return outcome
    },
    alive: () => !hasExited && pendingOutcomes.length === 0,
    kill,
  }
}

const runtimePath = fileURLToPath(new URL('runtime/start.js', import.meta.url))

/**
 * The heap that Lambda's own start script leaves of the memory, unless NODE_OPTIONS says otherwise: a tenth is for what is
 * not heap. Memory outside the heap has no limit here.
 */
const heapLimits = ({ memorySize, environment }: LambdaFunction): string[] =>
  /max[-_](old|semi)[-_]space[-_]size/.test(environment['NODE_OPTIONS'] ?? '')
    ? []
    : [
        `--max-semi-space-size=${Math.floor((memorySize * 5) / 100)}`,
        `--max-old-space-size=${Math.floor((memorySize * 90) / 100)}`,
      ]

const killGroup = (child: ChildProcess): void => {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // No process is left in the group, or the system has no groups.
    child.kill('SIGKILL')
  }
}

const reportKinds = new Set(['ready', 'response', 'error', 'init error', 'fatal error'])

/** Only the runtime has the channel, and its types are checked with ours; so the kind is proof enough. */
const isRuntimeReport = (message: unknown): message is RuntimeReport =>
  typeof message === 'object' && message !== null && 'kind' in message && reportKinds.has(`${message.kind}`)
