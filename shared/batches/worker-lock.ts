import type { BatchState } from './batch-record.ts'
import type { StateTable, StoredRecord } from './batch-state-table.ts'

/** Resolves after the time, or as soon as the signal aborts. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>

/** A worker that does not renew its lock for this long counts as failed. */
const lockDurationMs = 15_000
const renewIntervalMs = 5_000

interface WorkerLockDependencies {
  readonly table: StateTable
  readonly now: () => number
  readonly sleep: Sleep
}

interface WorkerLock {
  readonly key: string
  readonly queuedRecord: StoredRecord
  readonly failedAttempts: number
}

/**
 * Locks the batch, renews the lock while the work runs, and stores the resulting state. Undefined if another worker has the
 * batch, or took over after failed renewals: the result of this worker is then discarded.
 */
export const withWorkerLock = async <Outcome extends { readonly state: BatchState }>(
  { table, now, sleep }: WorkerLockDependencies,
  { key, queuedRecord, failedAttempts }: WorkerLock,
  work: (current: StoredRecord, stopped: () => boolean) => Promise<Outcome>,
): Promise<Outcome | undefined> => {
  const write = (stored: StoredRecord, state: BatchState) => table.swap(key, stored, { ...stored.record, state })
  const renew = (stored: StoredRecord) =>
    write(stored, { status: 'running', until: now() + lockDurationMs, failedAttempts })
  const acquired = await renew(queuedRecord)
  if (!acquired) return undefined

  let current: StoredRecord | undefined = acquired
  const finished = new AbortController()
  const renewal = (async () => {
    while (current) {
      await sleep(renewIntervalMs, finished.signal)
      if (finished.signal.aborted) return
      // If the table is unreachable after all retries, the lock is lost.
      current = await renew(current).catch(() => undefined)
    }
  })()
  const outcome = await work(acquired, () => current === undefined)
  finished.abort()
  await renewal
  return current && (await write(current, outcome.state)) ? outcome : undefined
}
