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

/** The driver reads them when it is loaded. https://github.com/snowflakedb/snowflake-connector-nodejs */
const withoutSideEffects = {
  // Asks three clouds for their metadata, and STS, with the credentials of the function.
  SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
  // Machine code that a bundle cannot hold.
  SNOWFLAKE_DISABLE_MINICORE: '1',
  SF_TELEMETRY_DISABLE_CONNECTION_SHAPE: '1',
  // Everything else in an environment of Lambda is read-only.
  SF_OCSP_RESPONSE_CACHE_DIR: tmpdir(),
}

/** Milliseconds that a logout may take once the answer is there. */
const logoutLasts = 1_000

/**
 * The official driver in a thread: its retries of a query last minutes, and neither `destroy` nor `cancel` ends them. The
 * thread is kept from one question to the next, because loading the driver is most of a cold start, and ended with the first
 * question that fails or comes too late.
 */
export const createDriver = (env: Environment): SnowflakeClient => {
  let kept: DriverThread | undefined
  return {
    askOnce: async (question) => {
      kept ??= startThread({ ...env, ...withoutSideEffects })
      const thread = kept
      const drop = async () => {
        if (kept === thread) kept = undefined
        await thread.end()
      }
      try {
        const answer = await thread.ask(question)
        if (thread.lingers()) await drop()
        return answer
      } catch (failure) {
        await drop()
        throw failure
      }
    },
  }
}

interface DriverThread {
  readonly ask: (question: Question) => Promise<Answer>
  /** A logout went unanswered. */
  readonly lingers: () => boolean
  readonly end: () => Promise<unknown>
}

/** A question under way. */
interface Asking {
  readonly hear: (report: Report) => void
  /** The thread ended by itself. */
  readonly lose: (cause: unknown) => void
}

const file = join(import.meta.dirname, `driver-thread${extname(import.meta.filename)}`)

const startThread = (env: Environment): DriverThread => {
  const worker = new Worker(file, { env, stdout: true, stderr: true })
  worker.unref()
  const underWay = new Map<number, Asking>()
  let isLoaded = false
  let lingers = false
  let asked = 0

  worker.on('message', (report: Report) => {
    if (report.kind === 'loaded') isLoaded = true
    if ('id' in report) underWay.get(report.id)?.hear(report)
    else for (const asking of underWay.values()) asking.hear(report)
  })
  const lose = (cause: unknown) => {
    for (const asking of underWay.values()) asking.lose(cause)
  }
  worker.on('error', lose)
  worker.on('exit', (code) => lose(new Error(`the driver's thread ended with ${code}`)))

  const ask = ({ connection, statement, within }: Question): Promise<Answer> => {
    const id = asked++
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const milliseconds: Record<Phase, number> = { load: 0, login: 0, query: 0, logout: 0 }
    let phase: Phase = isLoaded ? 'login' : 'load'
    let since = performance.now()
    let row: Answer['row'] | undefined
    let seen: Evidence['seen']

    const enter = (next: Phase) => {
      const now = performance.now()
      milliseconds[phase] += Math.round(now - since)
      phase = next
      since = now
      seen = undefined
    }
    const fail = (more: Pick<Evidence, 'error' | 'lateAfter'>) =>
      reject(new SnowflakeFailure({ phase, ...more, ...(seen && { seen }) }))
    const finish = () => {
      enter('logout')
      if (row) resolve({ row, milliseconds })
    }
    const timer = setTimeout(() => fail({ lateAfter: within }), within)
    let logout: NodeJS.Timeout | undefined

    underWay.set(id, {
      hear: (report) => {
        if (report.kind === 'loaded') enter('login')
        else if (report.kind === 'phase') enter(report.phase)
        else if (report.kind === 'seen') seen = report.seen
        else if (report.kind === 'failed') fail({ error: report.error })
        else if (report.kind === 'done') finish()
        else {
          row = report.row
          logout = setTimeout(() => {
            lingers = true
            finish()
          }, logoutLasts)
        }
      },
      lose: (cause) =>
        fail({ error: { name: 'Error', message: cause instanceof Error ? cause.message : String(cause) } }),
    })
    const order: Order = { id, connection, statement, timeout: Math.max(1, within) }
    worker.postMessage(order)
    worker.ref()
    return promise.finally(() => {
      clearTimeout(timer)
      clearTimeout(logout)
      underWay.delete(id)
      if (underWay.size === 0) worker.unref()
    })
  }
  return { ask, lingers: () => lingers, end: () => worker.terminate() }
}
