import { ServiceError } from '../errors/index.ts'

/** A value with its times, in milliseconds since 1970 by the clock of `createFresh`. */
export interface Lease<Value> {
  readonly value: Value
  /** From this time the cache renews it in the background and still returns it. */
  readonly renewAt: number
  /** From this time the cache no longer returns it. */
  readonly expiresAt: number
}

/** Passed to the fetch. `note` records an error before a retry, for waiters whose deadline ends before it. */
export interface Errand {
  readonly signal: AbortSignal
  readonly note: (fault: ServiceError) => void
}

type Obtain<Value> = (errand: Errand) => Promise<Lease<Value>>

interface Flight<Value> {
  readonly lease: Promise<Lease<Value>>
  readonly ahead: boolean
  readonly stop: AbortController
  waiting: number
  fault: ServiceError | undefined
}

export interface Fresh<Value> {
  /**
   * The cached value of the key, or a fetched one.
   * @throws what `obtain` throws; if the signal aborts first, the last recorded error, or AWS_UNREACHABLE
   */
  readonly take: (key: string, obtain: Obtain<Value>, signal: AbortSignal) => Promise<Value>
  /** Removes the value, if it is still the cached one. */
  readonly forget: (key: string, value: Value) => void
}

/** Above this number of keys, the cache evicts the oldest value. */
const mostKept = 1_000

/** Milliseconds: limit of a background renewal, and pause after a failed one. */
const renewalLasts = 10_000
const renewalPause = 30_000

/**
 * Caches values until shortly before they expire. Concurrent requests for a key share one fetch, which is aborted when its
 * last waiter leaves. All waiters get a failure, which is not cached.
 */
export const createFresh = <Value>(now: () => number): Fresh<Value> => {
  const kept = new Map<string, Lease<Value>>()
  const flights = new Map<string, Flight<Value>>()

  const keep = (key: string, lease: Lease<Value>): void => {
    kept.delete(key) // so that the map is in fetch order
    kept.set(key, lease)
    for (const oldest of kept.keys()) {
      if (kept.size <= mostKept) break
      kept.delete(oldest)
    }
  }

  const land = (key: string, flight: Flight<Value>): void => {
    if (flights.get(key) === flight) flights.delete(key)
  }

  const launch = (key: string, obtain: Obtain<Value>, ahead: boolean): Flight<Value> => {
    const stop = new AbortController()
    const signal = ahead ? AbortSignal.timeout(renewalLasts) : stop.signal
    const note = (fault: ServiceError) => {
      flight.fault = fault
    }
    const obtained = async () => {
      try {
        const lease = await obtain({ signal, note })
        keep(key, lease)
        return lease
      } finally {
        land(key, flight)
      }
    }
    const lease = Promise.resolve().then(obtained)
    const flight: Flight<Value> = { lease, ahead, stop, waiting: 0, fault: undefined }
    flights.set(key, flight)
    lease.catch(() => {}) // all waiters may have aborted
    return flight
  }

  const renewAhead = (key: string, obtain: Obtain<Value>): void => {
    if (flights.has(key)) return
    launch(key, obtain, true).lease.catch(() => {
      const lease = kept.get(key)
      if (lease) kept.set(key, { ...lease, renewAt: now() + renewalPause })
    })
  }

  const join = async (key: string, flight: Flight<Value>, signal: AbortSignal): Promise<Value> => {
    flight.waiting++
    try {
      return (await untilAborted(flight, signal)).value
    } finally {
      flight.waiting--
      if (flight.waiting === 0 && !flight.ahead) {
        land(key, flight)
        flight.stop.abort()
      }
    }
  }

  return {
    take: async (key, obtain, signal) => {
      const lease = kept.get(key)
      if (lease && now() < lease.expiresAt) {
        if (now() >= lease.renewAt) renewAhead(key, obtain)
        return lease.value
      }
      for (;;) {
        const flight = flights.get(key) ?? launch(key, obtain, false)
        try {
          return await join(key, flight, signal)
        } catch (error) {
          // A background renewal has its own time limit, and Lambda may have frozen it: waiters do not get its error.
          if (!flight.ahead || signal.aborted) throw error
        }
      }
    },
    forget: (key, value) => {
      if (kept.get(key)?.value === value) kept.delete(key)
    },
  }
}

const untilAborted = <Value>(flight: Flight<Value>, signal: AbortSignal): Promise<Lease<Value>> => {
  const late = Promise.withResolvers<never>()
  const leave = () =>
    late.reject(
      flight.fault ?? new ServiceError('AWS_UNREACHABLE', { cause: new Error('No response before the deadline.') }),
    )
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  return Promise.race([flight.lease, late.promise]).finally(() => signal.removeEventListener('abort', leave))
}
