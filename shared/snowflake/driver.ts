import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Environment } from '../aws/lambda-environment.ts'
import type { ThreadMessage, ThreadQuery } from './driver-thread-messages.ts'
import {
  type DriverFailure,
  type Phase,
  type QueryResult,
  type SingleQuery,
  type SnowflakeClient,
  SnowflakeDriverError,
} from './snowflake-client.ts'

/** Environment variables that the driver reads on load. https://github.com/snowflakedb/snowflake-connector-nodejs */
const driverEnvironment = {
  // Otherwise it calls the metadata services of three clouds, and STS.
  SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
  // A native module, which cannot be bundled.
  SNOWFLAKE_DISABLE_MINICORE: '1',
  SF_TELEMETRY_DISABLE_CONNECTION_SHAPE: '1',
  // The only writable folder in Lambda.
  SF_OCSP_RESPONSE_CACHE_DIR: tmpdir(),
}

/** Milliseconds: limit of the logout after a result. */
const logoutTimeoutMs = 1_000

/**
 * The official driver in a worker thread: it retries a query for minutes, and neither `destroy` nor `cancel` stops it. The
 * thread is reused, because loading the driver is most of a cold start, and terminated after a query that fails or times
 * out. Queries run one after the other, so that terminating the thread affects only one.
 */
export const createDriverClient = (env: Environment): SnowflakeClient => {
  let idleThread: DriverThread | undefined
  let queue: Promise<unknown> = Promise.resolve()

  const runQuery = async (singleQuery: SingleQuery, deadline: number): Promise<QueryResult> => {
    const timeoutMs = Math.floor(deadline - performance.now())
    if (timeoutMs <= 0) throw new SnowflakeDriverError({ phase: 'load', timedOutAfterMs: singleQuery.timeoutMs })
    const thread = idleThread && !idleThread.isUnusable() ? idleThread : startThread({ ...env, ...driverEnvironment })
    idleThread = undefined
    try {
      const result = await thread.run({ ...singleQuery, timeoutMs })
      if (!thread.isUnusable()) idleThread = thread
      return result
    } finally {
      if (idleThread !== thread) await thread.terminate()
    }
  }

  return {
    runOnce: (singleQuery) => {
      const deadline = performance.now() + singleQuery.timeoutMs
      const result = queue.then(() => runQuery(singleQuery, deadline))
      queue = result.catch(() => undefined)
      return result
    },
  }
}

interface DriverThread {
  readonly run: (singleQuery: SingleQuery) => Promise<QueryResult>
  /** The thread exited, or a logout timed out. */
  readonly isUnusable: () => boolean
  readonly terminate: () => Promise<unknown>
}

const threadFile = join(import.meta.dirname, `driver-thread${extname(import.meta.filename)}`)

const startThread = (env: Environment): DriverThread => {
  const worker = new Worker(threadFile, { env, stdout: true, stderr: true })
  let isLoaded = false
  let isUnusable = false
  worker.once('exit', () => {
    isUnusable = true
  })
  // An error between two queries ends the thread, not the process.
  worker.on('error', () => undefined)

  const run = ({ connection, statement, timeoutMs }: SingleQuery): Promise<QueryResult> => {
    const { promise, resolve, reject } = Promise.withResolvers<QueryResult>()
    const milliseconds: Record<Phase, number> = { load: 0, login: 0, query: 0, logout: 0 }
    let phase: Phase = isLoaded ? 'login' : 'load'
    let since = performance.now()
    let row: QueryResult['row'] | undefined
    let lastResponse: DriverFailure['lastResponse']
    let logout: NodeJS.Timeout | undefined

    const enterPhase = (next: Phase) => {
      const now = performance.now()
      milliseconds[phase] += Math.round(now - since)
      phase = next
      since = now
      lastResponse = undefined
    }
    const finish = () => {
      enterPhase('logout')
      if (row) resolve({ row, milliseconds })
    }
    const fail = (more: Pick<DriverFailure, 'error' | 'timedOutAfterMs'>) => {
      if (!row) return reject(new SnowflakeDriverError({ phase, ...more, ...(lastResponse && { lastResponse }) }))
      // The result is complete; only the logout failed.
      isUnusable = true
      finish()
    }
    const onMessage = (message: ThreadMessage) => {
      if (message.kind === 'loaded') {
        isLoaded = true
        enterPhase('login')
      } else if (message.kind === 'phase') enterPhase(message.phase)
      else if (message.kind === 'response') lastResponse = message.response
      else if (message.kind === 'failed') fail({ error: message.error })
      else if (message.kind === 'done') finish()
      else {
        row = message.row
        logout = setTimeout(() => fail({}), logoutTimeoutMs)
      }
    }
    const onError = (cause: unknown) => fail({ error: { name: 'Error', message: errorMessage(cause) } })
    const onExit = (code: number) => onError(new Error(`the driver thread exited with code ${code}`))
    const timer = setTimeout(() => fail({ timedOutAfterMs: timeoutMs }), timeoutMs)

    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.ref()
    const query: ThreadQuery = { connection, statement, timeoutMs }
    worker.postMessage(query)
    return promise.finally(() => {
      clearTimeout(timer)
      clearTimeout(logout)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      worker.unref()
    })
  }
  return { run, isUnusable: () => isUnusable, terminate: () => worker.terminate() }
}

const errorMessage = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
