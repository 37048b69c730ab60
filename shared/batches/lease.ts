import type { State } from './head.ts'
import type { Known, StateTable } from './state-table.ts'

/** Resolves after the time, or as soon as the signal aborts. */
export type Pause = (milliseconds: number, signal?: AbortSignal) => Promise<void>

/** A worker that does not renew its lock for this long counts as failed. */
const leaseLasts = 15_000
const renewEvery = 5_000

interface Needs {
  readonly table: StateTable
  readonly now: () => number
  readonly pause: Pause
}

interface Lease {
  readonly key: string
  readonly due: Known
  readonly deaths: number
}

/**
 * Locks the batch, renews the lock while the work runs, and stores the resulting state. Undefined if another worker has the
 * batch, or took over after failed renewals: the result of this worker is then discarded.
 */
export const whileRenewed = async <Outcome extends { readonly state: State }>(
  { table, now, pause }: Needs,
  { key, due, deaths }: Lease,
  work: (held: Known, stopped: () => boolean) => Promise<Outcome>,
): Promise<Outcome | undefined> => {
  const write = (known: Known, state: State) => table.swap(key, known, { ...known.head, state })
  const renew = (known: Known) => write(known, { is: 'running', until: now() + leaseLasts, deaths })
  const taken = await renew(due)
  if (!taken) return undefined

  let held: Known | undefined = taken
  const ended = new AbortController()
  const renewing = (async () => {
    while (held) {
      await pause(renewEvery, ended.signal)
      if (ended.signal.aborted) return
      // If the table is unreachable after all retries, the lock is lost.
      held = await renew(held).catch(() => undefined)
    }
  })()
  const outcome = await work(taken, () => held === undefined)
  ended.abort()
  await renewing
  return held && (await write(held, outcome.state)) ? outcome : undefined
}
