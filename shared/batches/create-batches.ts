import { ServiceError, toServiceError } from '../errors/index.ts'
import type { RowsAnswer } from '../rows/index.ts'
import { type AskedBatch, type Batches, keyOf, orderIn, type TellRows } from './batches.ts'
import type { State } from './head.ts'
import { type Pause, whileRenewed } from './lease.ts'
import type { Known, StateTable } from './state-table.ts'

interface Needs {
  readonly table: StateTable
  /** Invokes the function asynchronously to process a batch. */
  readonly sendOrder: (key: string) => Promise<void>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly pause: Pause
}

/** A worker that has not started by then counts as lost. A late start is harmless, so this is no longer than a lock. */
const orderLasts = 15_000

/** How long a POST waits for the result before it returns 202: short work saves the caller a poll. */
const patience = 1_000

/** After this many failed workers, the next one would fail too. */
const mostDeaths = 3

/**
 * Every state change is one compare-and-swap of the batch record, so exactly one of several concurrent requests succeeds.
 * There is no background process: the next poll replaces a failed worker, and without polls the batch expires.
 */
export const createBatches = ({ table, sendOrder, now, pause }: Needs): Batches => {
  const queued = (deaths: number): State => ({ is: 'queued', until: now() + orderLasts, deaths })

  const order = async (key: string, known: Known): Promise<void> => {
    try {
      await sendOrder(key)
    } catch (error) {
      await table.swap(key, known, { ...known.head, state: unattended })
      throw error
    }
  }

  /** The result of the batch; undefined while it is in progress. Restarts a lost worker. */
  const ask = async (key: string, known: Known): Promise<RowsAnswer | undefined> => {
    const { state } = known.head
    const swap = (next: State) => table.swap(key, known, { ...known.head, state: next })
    if (state.is === 'answered') {
      return { text: await table.readText(key, state.answer), rows: state.rows, failures: new Map() }
    }
    if (state.is === 'refused') {
      const refusal = refusalOf(state)
      // Returned once. Snowflake sends the batch again after this status, which starts it again.
      if (isPassing(refusal)) await swap(unattended)
      throw refusal
    }
    if (state.until > now()) return undefined
    const deaths = state.deaths + (state.is === 'running' ? 1 : 0)
    if (deaths < mostDeaths) {
      const next = await swap(queued(deaths))
      if (next) await order(key, next)
      return undefined
    }
    const refused = { is: 'refused', code: 'BATCH_FAILED', detail: undefined } as const
    if (await swap(refused)) throw refusalOf(refused)
    return undefined
  }

  const settle = async (key: string, patience: number): Promise<RowsAnswer | undefined> => {
    for (let left = patience, wait = 50; ; left -= wait, wait = Math.min(2 * wait, left)) {
      const known = await table.read(key)
      if (!known) throw new ServiceError('BATCH_UNKNOWN')
      const answer = await ask(key, known)
      if (answer || left <= 0) return answer
      await pause(wait)
    }
  }

  const create = async (key: string, { batchId, queryId, failsWhole }: AskedBatch, text: string): Promise<void> => {
    const expires = table.expiry()
    const rows = await table.writeText(key, text, expires)
    const known = await table.create(key, { batchId, queryId, failsWhole, rows, state: queued(0) }, expires)
    if (known) await order(key, known)
  }

  const tellAndWrite = async (key: string, { head, expires }: Known, tell: TellRows, stopped: () => boolean) => {
    try {
      const text = await table.readText(key, head.rows)
      const answer = await tell({ text, batch: head, stopped })
      const written = await table.writeText(key, answer.text, expires)
      return { answer, state: { is: 'answered', answer: written, rows: answer.rows } as const }
    } catch (error) {
      const { code, detail } = toServiceError(error)
      return { error, state: { is: 'refused', code, detail } as const }
    }
  }

  return {
    orderIn,
    submit: async (batch, text) => {
      const key = keyOf(batch)
      if (!(await table.read(key))) await create(key, batch, text)
      return settle(key, patience)
    },
    poll: (batch) => settle(keyOf(batch), 0),
    work: async (key, tell) => {
      const due = await table.read(key)
      if (due?.head.state.is !== 'queued' || due.head.state.until <= now()) return undefined
      const { deaths } = due.head.state
      const outcome = await whileRenewed({ table, now, pause }, { key, due, deaths }, (held, stopped) =>
        tellAndWrite(key, held, tell, stopped),
      )
      // The table has the error; the log gets it too.
      if (outcome && 'error' in outcome) throw outcome.error
      return outcome?.answer
    },
  }
}

/** No worker has the batch: the next request starts one. */
const unattended: State = { is: 'queued', until: 0, deaths: 0 }

const refusalOf = ({ code, detail }: Extract<State, { is: 'refused' }>) =>
  new ServiceError(code, detail === undefined ? {} : { detail })

/** Errors that Snowflake retries. */
const isPassing = ({ status }: ServiceError): boolean => status === 429 || status >= 500
