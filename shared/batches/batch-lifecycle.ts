import { ServiceError, toServiceError } from '../errors/service-error.ts'
import type { RowsResult } from '../rows/process-rows.ts'
import type { BatchState } from './batch-record.ts'
import type { StateTable, StoredRecord } from './batch-state-table.ts'
import { type Batches, type BatchRequest, batchKey, type ProcessRows, workKeyIn } from './batches.ts'
import { type Sleep, withWorkerLock } from './worker-lock.ts'

interface BatchDependencies {
  readonly table: StateTable
  /** Invokes the function asynchronously to process a batch. */
  readonly invokeWorker: (key: string) => Promise<void>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: Sleep
}

/** A worker that has not started by then counts as lost. A late start is harmless, so this is no longer than a lock. */
const workerStartTimeoutMs = 15_000

/** How long a POST waits for the result before it returns 202: short work saves the caller a poll. */
const submitWaitMs = 1_000

/** After this many failed workers, the next one would fail too. */
const maxAttempts = 3

/**
 * Every state change is one compare-and-swap of the batch record, so exactly one of several concurrent requests succeeds.
 * There is no background process: the next poll replaces a failed worker, and without polls the batch expires.
 */
export const createBatches = ({ table, invokeWorker, now, sleep }: BatchDependencies): Batches => {
  const queued = (failedAttempts: number): BatchState => ({
    status: 'queued',
    until: now() + workerStartTimeoutMs,
    failedAttempts,
  })

  const startWorker = async (key: string, stored: StoredRecord): Promise<void> => {
    try {
      await invokeWorker(key)
    } catch (error) {
      await table.swap(key, stored, { ...stored.record, state: queuedWithoutWorker })
      throw error
    }
  }

  /** The result of the batch; undefined while it is in progress. Restarts a lost worker. */
  const advance = async (key: string, stored: StoredRecord): Promise<RowsResult | undefined> => {
    const { state } = stored.record
    const swap = (next: BatchState) => table.swap(key, stored, { ...stored.record, state: next })
    if (state.status === 'completed') {
      return { text: await table.readText(key, state.answer), rows: state.rows, failures: new Map() }
    }
    if (state.status === 'failed') {
      const failure = toServiceFailure(state)
      // Returned once. Snowflake sends the batch again after this status, which starts it again.
      if (isRetryable(failure)) await swap(queuedWithoutWorker)
      throw failure
    }
    if (state.until > now()) return undefined
    const failedAttempts = state.failedAttempts + (state.status === 'running' ? 1 : 0)
    if (failedAttempts < maxAttempts) {
      const next = await swap(queued(failedAttempts))
      if (next) await startWorker(key, next)
      return undefined
    }
    const failed = { status: 'failed', code: 'BATCH_FAILED', detail: undefined } as const
    if (await swap(failed)) throw toServiceFailure(failed)
    return undefined
  }

  const waitForResult = async (key: string, timeoutMs: number): Promise<RowsResult | undefined> => {
    for (
      let remainingMs = timeoutMs, delayMs = 50;
      ;
      remainingMs -= delayMs, delayMs = Math.min(2 * delayMs, remainingMs)
    ) {
      const stored = await table.read(key)
      if (!stored) throw new ServiceError('BATCH_UNKNOWN')
      const answer = await advance(key, stored)
      if (answer || remainingMs <= 0) return answer
      await sleep(delayMs)
    }
  }

  const create = async (
    key: string,
    { batchId, queryId, failsOnRowError }: BatchRequest,
    text: string,
  ): Promise<void> => {
    const expires = table.expiry()
    const rows = await table.writeText(key, text, expires)
    const stored = await table.create(key, { batchId, queryId, failsOnRowError, rows, state: queued(0) }, expires)
    if (stored) await startWorker(key, stored)
  }

  const processAndStore = async (
    key: string,
    { record, expires }: StoredRecord,
    processRows: ProcessRows,
    stopped: () => boolean,
  ) => {
    try {
      const text = await table.readText(key, record.rows)
      const answer = await processRows({ text, batch: record, stopped })
      const written = await table.writeText(key, answer.text, expires)
      return { answer, state: { status: 'completed', answer: written, rows: answer.rows } as const }
    } catch (error) {
      const { code, detail } = toServiceError(error)
      return { error, state: { status: 'failed', code, detail } as const }
    }
  }

  return {
    workKeyIn,
    submit: async (batch, text) => {
      const key = batchKey(batch)
      if (!(await table.read(key))) await create(key, batch, text)
      return waitForResult(key, submitWaitMs)
    },
    poll: (batch) => waitForResult(batchKey(batch), 0),
    work: async (key, processRows) => {
      const queuedRecord = await table.read(key)
      if (queuedRecord?.record.state.status !== 'queued' || queuedRecord.record.state.until <= now()) return undefined
      const { failedAttempts } = queuedRecord.record.state
      const outcome = await withWorkerLock(
        { table, now, sleep },
        { key, queuedRecord, failedAttempts },
        (current, stopped) => processAndStore(key, current, processRows, stopped),
      )
      // The table has the error; the log gets it too.
      if (outcome && 'error' in outcome) throw outcome.error
      return outcome?.answer
    },
  }
}

/** No worker has the batch: the next request starts one. */
const queuedWithoutWorker: BatchState = { status: 'queued', until: 0, failedAttempts: 0 }

const toServiceFailure = ({ code, detail }: Extract<BatchState, { status: 'failed' }>) =>
  new ServiceError(code, detail === undefined ? {} : { detail })

/** Errors that Snowflake retries. */
const isRetryable = ({ status }: ServiceError): boolean => status === 429 || status >= 500
