import { ServiceError } from '../errors/index.ts'

/** A value and its times, in milliseconds since 1970 on the clock that `createFresh` reads. */
export interface Lease<Value> {
  readonly value: Value
  /** From here on it is renewed in the background, while it is still given out. */
  readonly renewAt: number
  /** From here on it is given to nobody. */
  readonly expiresAt: number
}

/** How a value is obtained. `note` keeps a fault that is about to be tried again, for those who cannot wait that long. */
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
   * The value under the key, obtained if there is none.
   * @throws what `obtain` throws; when the signal aborts first, the last fault it noted, or AWS_UNREACHABLE
   */
  readonly take: (key: string, obtain: Obtain<Value>, signal: AbortSignal) => Promise<Value>
  /** Gives the value out no more, if it is the one that is kept. */
  readonly forget: (key: string, value: Value) => void
}

/** More keys than that, and the value that was obtained first goes. */
const mostKept = 1_000

/** Milliseconds that a renewal in the background may last, and its pause after it failed. */
const renewalLasts = 10_000
const renewalPause = 30_000

/**
 * Keeps values until shortly before they expire. Whoever asks for a key meanwhile shares one flight, which ends with the
 * last who waits for it. A failure is told to those who waited, and not kept.
 */
export const createFresh = <Value>(now: () => number): Fresh<Value> => {
  const kept = new Map<string, Lease<Value>>()
  const flights = new Map<string, Flight<Value>>()

  const keep = (key: string, lease: Lease<Value>): void => {
    kept.delete(key) // so that the order of the map is the order of obtaining
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
    lease.catch(() => {}) // all who waited may have left
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
          // A renewal ahead has its own time limit, and Lambda may have frozen it: its fault is nobody's answer.
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
      flight.fault ??
        new ServiceError('AWS_UNREACHABLE', { cause: new Error('There was no answer before the deadline.') }),
    )
  if (signal.aborted) leave()
  signal.addEventListener('abort', leave, { once: true })
  return Promise.race([flight.lease, late.promise]).finally(() => signal.removeEventListener('abort', leave))
}
