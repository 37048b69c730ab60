import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { createExpiringCache, type Expiring } from '../../../shared/aws/expiring-cache.ts'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import { propertyRuns } from '../../property-runs.ts'

interface CachedValue {
  readonly key: string
  readonly expiresAt: number
}

/** Gets of one key, elapsed time, and the results of in-flight fetches. */
const event = fc.oneof(
  fc.record({ kind: fc.constant('get' as const), key: fc.constantFrom('a', 'b'), hasLongTimeout: fc.boolean() }),
  fc.record({ kind: fc.constant('forward' as const), milliseconds: fc.constantFrom(3, 9, 21, 31) }),
  fc.record({ kind: fc.constant('settle' as const), fails: fc.boolean() }),
  fc.record({ kind: fc.constant('abort' as const) }),
)

test('in any order of gets, results, failures and deadlines, fetches are shared and no value is returned after it expires', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40, size: 'max' }), async (events) => {
      let time = 0
      let atOnce = 0
      const cache = createExpiringCache<CachedValue>(() => time)
      const inFlight = new Map<string, { signal: AbortSignal; settle: PromiseWithResolvers<Expiring<CachedValue>> }>()
      let deadline = new AbortController()
      const failure = new ServiceError('ROLE_DENIED')
      const gets: Promise<unknown>[] = []

      const get = async (key: string, signal: AbortSignal) => {
        const startedAt = time
        const value = await cache.get(
          key,
          ({ signal }) => {
            const other = inFlight.get(key)
            if (other && !other.signal.aborted) atOnce++
            const settle = Promise.withResolvers<Expiring<CachedValue>>()
            inFlight.set(key, { signal, settle })
            return settle.promise
          },
          signal,
        )
        assert.equal(value.key, key)
        assert.ok(value.expiresAt > startedAt, 'a value that had expired when it was requested')
      }

      const settleFirst = async (fails: boolean) => {
        const [[key, { settle }] = [undefined, { settle: undefined }]] = inFlight
        if (key === undefined) return
        inFlight.delete(key)
        if (fails) settle?.reject(failure)
        else settle?.resolve({ value: { key, expiresAt: time + 30 }, refreshAt: time + 20, expiresAt: time + 30 })
      }

      for (const one of events) {
        if (one.kind === 'forward') time += one.milliseconds
        if (one.kind === 'settle') await settleFirst(one.fails)
        if (one.kind === 'get') {
          const signal = one.hasLongTimeout ? new AbortController().signal : deadline.signal
          gets.push(
            get(one.key, signal).catch((error) => {
              const late = error instanceof ServiceError && error.code === 'AWS_UNREACHABLE' && signal.aborted
              if (error !== failure && !late) throw error
            }),
          )
        }
        if (one.kind === 'abort') {
          deadline.abort()
          deadline = new AbortController()
        }
        await setImmediate()
      }
      while (inFlight.size > 0) {
        await settleFirst(false)
        await setImmediate()
      }
      await Promise.all(gets)
      assert.equal(atOnce, 0, 'two fetches at once')
    }),
    { numRuns: propertyRuns(2_000) },
  )
})

test('with more than 1,000 values, the oldest is evicted', async () => {
  const cache = createExpiringCache<string>(() => 0)
  const fetched: string[] = []
  const get = (key: string) =>
    cache.get(
      key,
      async () => {
        fetched.push(key)
        return { value: key, refreshAt: 1, expiresAt: 1 }
      },
      new AbortController().signal,
    )
  for (let turn = 0; turn <= 1_000; turn++) await get(`${turn}`)
  await get('1')
  assert.equal(fetched.length, 1_001)
  await get('0')
  assert.equal(fetched.at(-1), '0')
})
