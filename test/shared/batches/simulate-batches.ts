import { setImmediate } from 'node:timers/promises'
import { createBatches } from '../../../shared/batches/batch-lifecycle.ts'
import { createStateTable, type Item } from '../../../shared/batches/batch-state-table.ts'

/** One invocation of a function: after it is killed, nothing that it waits for ever resolves. */
export interface Invocation {
  killed: boolean
}

interface Timer {
  readonly due: number
  readonly fire: () => void
}

/** A simulated table and clock: time passes only when nothing else can run. The next number is the next latency. */
export const simulateBatches = (latency: () => number, deliver: (key: string) => void) => {
  let time = Date.UTC(2026, 0, 1)
  const timers: Timer[] = []
  const items = new Map<string, Item>()
  const texts = new Map<string, string>()
  let ids = 0

  const sleepOf =
    (process: Invocation) =>
    (milliseconds: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const fire = () => {
          if (!process.killed) resolve()
        }
        timers.push({ due: time + milliseconds, fire })
        signal?.addEventListener('abort', fire)
      })

  return {
    sleepOf,
    elapsed: () => time - Date.UTC(2026, 0, 1),
    /** The batches of one invocation. */
    batchesOf: (process: Invocation) => {
      const sleep = sleepOf(process)
      /** Half before and half after: an invocation can be killed in between. */
      const withLatency = async <Value>(act: () => Value): Promise<Value> => {
        await sleep(latency())
        const value = act()
        await sleep(latency())
        return value
      }
      const table = createStateTable({
        now: () => time,
        newId: () => `id-${ids++}`,
        items: {
          get: (batch, part) => withLatency(() => items.get(`${batch} ${part}`)),
          put: (batch, part, item, condition) =>
            withLatency(() => {
              const present = items.get(`${batch} ${part}`)
              const holds =
                !condition ||
                ('version' in condition
                  ? present?.version === condition.version
                  : !present || present.expires <= condition.absentAt)
              if (holds) items.set(`${batch} ${part}`, item)
              return holds
            }),
        },
      })
      return createBatches({
        table: {
          ...table,
          // Compression would take time of the real clock.
          writeText: (key, text) =>
            withLatency(() => {
              const id = `text-${ids++}`
              texts.set(`${key} ${id}`, text)
              return { id, count: 1 }
            }),
          readText: (key, { id }) => withLatency(() => texts.get(`${key} ${id}`) ?? ''),
        },
        invokeWorker: (key) => withLatency(() => deliver(key)),
        now: () => time,
        sleep,
      })
    },
    /** Runs everything that can run, then advances the clock to the next timer; false if there is none. */
    step: async (): Promise<boolean> => {
      await setImmediate()
      const next = timers.reduce<Timer | undefined>(
        (one, other) => (one && one.due <= other.due ? one : other),
        undefined,
      )
      if (!next) return false
      timers.splice(timers.indexOf(next), 1)
      time = Math.max(time, next.due)
      next.fire()
      return true
    },
  }
}
