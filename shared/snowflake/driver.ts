import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Environment } from '../settings.ts'
import {
  type Answer,
  type Evidence,
  type Phase,
  type Question,
  type SnowflakeClient,
  SnowflakeFailure,
} from './client.ts'
import type { Order, Report } from './driver-messages.ts'

/** Environment variables that the driver reads on load. https://github.com/snowflakedb/snowflake-connector-nodejs */
const withoutSideEffects = {
  // Otherwise it calls the metadata services of three clouds, and STS.
  SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
  // A native module, which cannot be bundled.
  SNOWFLAKE_DISABLE_MINICORE: '1',
  SF_TELEMETRY_DISABLE_CONNECTION_SHAPE: '1',
  // The only writable folder in Lambda.
  SF_OCSP_RESPONSE_CACHE_DIR: tmpdir(),
}

/** Milliseconds: limit of the logout after a result. */
const logoutLasts = 1_000

/**
 * The official driver in a worker thread: it retries a query for minutes, and neither `destroy` nor `cancel` stops it. The
 * thread is reused, because loading the driver is most of a cold start, and terminated after a query that fails or times
 * out. Queries run one after the other, so that terminating the thread affects only one.
 */
export const createDriver = (env: Environment): SnowflakeClient => {
  let kept: DriverThread | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const ask = async (question: Question, until: number): Promise<Answer> => {
    const within = Math.floor(until - performance.now())
    if (within <= 0) throw new SnowflakeFailure({ phase: 'load', lateAfter: question.within })
    const thread = kept && !kept.isSpent() ? kept : startThread({ ...env, ...withoutSideEffects })
    kept = undefined
    try {
      const answer = await thread.ask({ ...question, within })
      if (!thread.isSpent()) kept = thread
      return answer
    } finally {
      if (kept !== thread) await thread.end()
    }
  }

  return {
    askOnce: (question) => {
      const until = performance.now() + question.within
      const answer = turn.then(() => ask(question, until))
      turn = answer.catch(() => undefined)
      return answer
    },
  }
}

interface DriverThread {
  readonly ask: (question: Question) => Promise<Answer>
  /** The thread exited, or a logout timed out. */
  readonly isSpent: () => boolean
  readonly end: () => Promise<unknown>
}

const file = join(import.meta.dirname, `driver-thread${extname(import.meta.filename)}`)

const startThread = (env: Environment): DriverThread => {
  const worker = new Worker(file, { env, stdout: true, stderr: true })
  let isLoaded = false
  let isSpent = false
  worker.once('exit', () => {
    isSpent = true
  })

  const ask = ({ connection, statement, within }: Question): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const milliseconds: Record<Phase, number> = { load: 0, login: 0, query: 0, logout: 0 }
    let phase: Phase = isLoaded ? 'login' : 'load'
    let since = performance.now()
    let row: Answer['row'] | undefined
    let seen: Evidence['seen']
    let logout: NodeJS.Timeout | undefined

    const enter = (next: Phase) => {
      const now = performance.now()
      milliseconds[phase] += Math.round(now - since)
      phase = next
      since = now
      seen = undefined
    }
    const finish = () => {
      enter('logout')
      if (row) resolve({ row, milliseconds })
    }
    const fail = (more: Pick<Evidence, 'error' | 'lateAfter'>) => {
      if (!row) return reject(new SnowflakeFailure({ phase, ...more, ...(seen && { seen }) }))
      // The result is complete; only the logout failed.
      isSpent = true
      finish()
    }
    const hear = (report: Report) => {
      if (report.kind === 'loaded') {
        isLoaded = true
        enter('login')
      } else if (report.kind === 'phase') enter(report.phase)
      else if (report.kind === 'seen') seen = report.seen
      else if (report.kind === 'failed') fail({ error: report.error })
      else if (report.kind === 'done') finish()
      else {
        row = report.row
        logout = setTimeout(() => fail({}), logoutLasts)
      }
    }
    const lose = (cause: unknown) => fail({ error: { name: 'Error', message: wordsOf(cause) } })
    const exit = (code: number) => lose(new Error(`the driver thread exited with code ${code}`))
    const timer = setTimeout(() => fail({ lateAfter: within }), within)

    worker.on('message', hear).on('error', lose).on('exit', exit)
    worker.ref()
    const order: Order = { connection, statement, timeout: within }
    worker.postMessage(order)
    return promise.finally(() => {
      clearTimeout(timer)
      clearTimeout(logout)
      worker.off('message', hear).off('exit', exit)
      // A later error ends the thread, not the process.
      worker.off('error', lose).on('error', () => undefined)
      worker.unref()
    })
  }
  return { ask, isSpent: () => isSpent, end: () => worker.terminate() }
}

const wordsOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown))
