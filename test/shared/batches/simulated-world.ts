import { setImmediate } from 'node:timers/promises'
import { createBatches } from '../../../shared/batches/create-batches.ts'
import type { Item } from '../../../shared/batches/state-table.ts'
import { stateTable } from '../../../shared/batches/state-table.ts'

/** One invocation of a function: once it is dead, nothing that it waits for ever comes. */
export interface Process {
  dead: boolean
}

interface Timer {
  readonly due: number
  readonly fire: () => void
}

/** A table, a clock that moves only when nothing else does, and whatever latency the next number says. */
export const simulatedWorld = (latency: () => number, deliver: (key: string) => void) => {
  let time = Date.UTC(2026, 0, 1)
  const timers: Timer[] = []
  const items = new Map<string, Item>()
  const texts = new Map<string, string>()
  let ids = 0

  const pauseOf =
    (process: Process) =>
    (milliseconds: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const fire = () => {
          if (!process.dead) resolve()
        }
        timers.push({ due: time + milliseconds, fire })
        signal?.addEventListener('abort', fire)
      })

  return {
    pauseOf,
    elapsed: () => time - Date.UTC(2026, 0, 1),
    /** What one invocation sees of the table. */
    batchesOf: (process: Process) => {
      const pause = pauseOf(process)
      /** Half on the way there and half on the way back: an invocation may die between. */
      const onTheWay = async <Value>(act: () => Value): Promise<Value> => {
        await pause(latency())
        const value = act()
        await pause(latency())
        return value
      }
      const table = stateTable({
        now: () => time,
        newId: () => `id-${ids++}`,
        items: {
          get: (batch, part) => onTheWay(() => items.get(`${batch} ${part}`)),
          put: (batch, part, item, condition) =>
            onTheWay(() => {
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
            onTheWay(() => {
              const id = `text-${ids++}`
              texts.set(`${key} ${id}`, text)
              return { id, count: 1 }
            }),
          readText: (key, { id }) => onTheWay(() => texts.get(`${key} ${id}`) ?? ''),
        },
        sendOrder: (key) => onTheWay(() => deliver(key)),
        now: () => time,
        pause,
      })
    },
    /** Lets everything happen that follows, and then the time pass to the next thing that is due; false when nothing is. */
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
