import type { State } from './head.ts'
import type { Known, StateTable } from './state-table.ts'

/** Resolves after so many milliseconds, or as soon as the signal is given. */
export type Pause = (milliseconds: number, signal?: AbortSignal) => Promise<void>

/** A worker that was not heard of for so long is dead. */
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
 * Takes the batch, renews the lease while the work lasts and writes the state it comes to. Undefined when another worker
 * has the batch, or took it over because renewals failed: what this one found out is then dropped.
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
      // A table that cannot be reached, after all retries, is a lease that cannot be kept.
      held = await renew(held).catch(() => undefined)
    }
  })()
  const outcome = await work(taken, () => held === undefined)
  ended.abort()
  await renewing
  return held && (await write(held, outcome.state)) ? outcome : undefined
}
