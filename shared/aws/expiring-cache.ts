import { ServiceError } from '../errors/service-error.ts'

/** A value with its times, in milliseconds since 1970 by the clock of `createExpiringCache`. */
export interface Expiring<Value> {
  readonly value: Value
  /** From this time the cache renews it in the background and still returns it. */
  readonly refreshAt: number
  /** From this time the cache no longer returns it. */
  readonly expiresAt: number
}

/** Passed to the fetch. `onRetry` records an error before a retry, for waiters whose deadline ends before it. */
export interface FetchContext {
  readonly signal: AbortSignal
  readonly onRetry: (error: ServiceError) => void
}

type FetchValue<Value> = (context: FetchContext) => Promise<Expiring<Value>>

interface InFlightFetch<Value> {
  readonly result: Promise<Expiring<Value>>
  readonly isBackground: boolean
  readonly abortController: AbortController
  waiters: number
  lastError: ServiceError | undefined
}

export interface ExpiringCache<Value> {
  /**
   * The cached value of the key, or a fetched one.
   * @throws what `fetchValue` throws; if the signal aborts first, the last recorded error, or AWS_UNREACHABLE
   */
  readonly get: (key: string, fetchValue: FetchValue<Value>, signal: AbortSignal) => Promise<Value>
  /** Removes the value, if it is still the cached one. */
  readonly invalidate: (key: string, value: Value) => void
}

/** Above this number of keys, the cache evicts the oldest value. */
const maxEntries = 1_000

/** Milliseconds: limit of a background renewal, and pause after a failed one. */
const backgroundTimeoutMs = 10_000
const backgroundRetryMs = 30_000

/**
 * Caches values until shortly before they expire. Concurrent requests for a key share one fetch, which is aborted when its
 * last waiter leaves. All waiters get a failure, which is not cached.
 */
export const createExpiringCache = <Value>(now: () => number): ExpiringCache<Value> => {
  const entries = new Map<string, Expiring<Value>>()
  const inFlight = new Map<string, InFlightFetch<Value>>()

  const store = (key: string, entry: Expiring<Value>): void => {
    entries.delete(key) // so that the map is in fetch order
    entries.set(key, entry)
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) break
      entries.delete(oldest)
    }
  }

  const finish = (key: string, pendingFetch: InFlightFetch<Value>): void => {
    if (inFlight.get(key) === pendingFetch) inFlight.delete(key)
  }

  const startFetch = (key: string, fetchValue: FetchValue<Value>, isBackground: boolean): InFlightFetch<Value> => {
    const abortController = new AbortController()
    const signal = isBackground ? AbortSignal.timeout(backgroundTimeoutMs) : abortController.signal
    const onRetry = (error: ServiceError) => {
      pendingFetch.lastError = error
    }
    const run = async () => {
      try {
        const entry = await fetchValue({ signal, onRetry })
        store(key, entry)
        return entry
      } finally {
        finish(key, pendingFetch)
      }
    }
    const result = Promise.resolve().then(run)
    const pendingFetch: InFlightFetch<Value> = {
      result,
      isBackground,
      abortController,
      waiters: 0,
      lastError: undefined,
    }
    inFlight.set(key, pendingFetch)
    result.catch(() => {}) // all waiters may have aborted
    return pendingFetch
  }

  const refreshInBackground = (key: string, fetchValue: FetchValue<Value>): void => {
    if (inFlight.has(key)) return
    startFetch(key, fetchValue, true).result.catch(() => {
      const entry = entries.get(key)
      if (entry) entries.set(key, { ...entry, refreshAt: now() + backgroundRetryMs })
    })
  }

  const waitFor = async (key: string, pendingFetch: InFlightFetch<Value>, signal: AbortSignal): Promise<Value> => {
    pendingFetch.waiters++
    try {
      return (await raceWithAbort(pendingFetch, signal)).value
    } finally {
      pendingFetch.waiters--
      if (pendingFetch.waiters === 0 && !pendingFetch.isBackground) {
        finish(key, pendingFetch)
        pendingFetch.abortController.abort()
      }
    }
  }

  return {
    get: async (key, fetchValue, signal) => {
      const entry = entries.get(key)
      if (entry && now() < entry.expiresAt) {
        if (now() >= entry.refreshAt) refreshInBackground(key, fetchValue)
        return entry.value
      }
      for (;;) {
        const pendingFetch = inFlight.get(key) ?? startFetch(key, fetchValue, false)
        try {
          return await waitFor(key, pendingFetch, signal)
        } catch (error) {
          // A background renewal has its own time limit, and Lambda may have frozen it: waiters do not get its error.
          if (!pendingFetch.isBackground || signal.aborted) throw error
        }
      }
    },
    invalidate: (key, value) => {
      if (entries.get(key)?.value === value) entries.delete(key)
    },
  }
}

const raceWithAbort = <Value>(pendingFetch: InFlightFetch<Value>, signal: AbortSignal): Promise<Expiring<Value>> => {
  const aborted = Promise.withResolvers<never>()
  const onAbort = () =>
    aborted.reject(
      pendingFetch.lastError ??
        new ServiceError('AWS_UNREACHABLE', { cause: new Error('No response before the deadline.') }),
    )
  if (signal.aborted) onAbort()
  signal.addEventListener('abort', onAbort, { once: true })
  return Promise.race([pendingFetch.result, aborted.promise]).finally(() =>
    signal.removeEventListener('abort', onAbort),
  )
}
