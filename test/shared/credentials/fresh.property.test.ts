import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { createFresh, type Lease } from '../../../shared/credentials/fresh.ts'
import { ServiceError } from '../../../shared/errors/index.ts'
import { propertyRuns } from '../../property-runs.ts'

interface Valued {
  readonly key: string
  readonly expiresAt: number
}

/** Asks of one key, the time that passes, and how the flights under way end. */
const event = fc.oneof(
  fc.record({ is: fc.constant('ask' as const), key: fc.constantFrom('a', 'b'), patient: fc.boolean() }),
  fc.record({ is: fc.constant('forward' as const), milliseconds: fc.constantFrom(3, 9, 21, 31) }),
  fc.record({ is: fc.constant('land' as const), fails: fc.boolean() }),
  fc.record({ is: fc.constant('leave' as const) }),
)

test('in whatever order asks, answers, failures and deadlines come, flights are shared and no value outlives its time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 40, size: 'max' }), async (events) => {
      let time = 0
      let atOnce = 0
      const fresh = createFresh<Valued>(() => time)
      const flying = new Map<string, { signal: AbortSignal; settle: PromiseWithResolvers<Lease<Valued>> }>()
      let deadline = new AbortController()
      const failure = new ServiceError('ROLE_DENIED')
      const asked: Promise<unknown>[] = []

      const ask = async (key: string, signal: AbortSignal) => {
        const askedAt = time
        const value = await fresh.take(
          key,
          ({ signal }) => {
            const other = flying.get(key)
            if (other && !other.signal.aborted) atOnce++
            const settle = Promise.withResolvers<Lease<Valued>>()
            flying.set(key, { signal, settle })
            return settle.promise
          },
          signal,
        )
        assert.equal(value.key, key)
        assert.ok(value.expiresAt > askedAt, 'a value that was over when it was asked for')
      }

      const land = async (fails: boolean) => {
        const [[key, { settle }] = [undefined, { settle: undefined }]] = flying
        if (key === undefined) return
        flying.delete(key)
        if (fails) settle?.reject(failure)
        else settle?.resolve({ value: { key, expiresAt: time + 30 }, renewAt: time + 20, expiresAt: time + 30 })
      }

      for (const one of events) {
        if (one.is === 'forward') time += one.milliseconds
        if (one.is === 'land') await land(one.fails)
        if (one.is === 'ask') {
          const signal = one.patient ? new AbortController().signal : deadline.signal
          asked.push(
            ask(one.key, signal).catch((error) => {
              const late = error instanceof ServiceError && error.code === 'AWS_UNREACHABLE' && signal.aborted
              if (error !== failure && !late) throw error
            }),
          )
        }
        if (one.is === 'leave') {
          deadline.abort()
          deadline = new AbortController()
        }
        await setImmediate()
      }
      while (flying.size > 0) {
        await land(false)
        await setImmediate()
      }
      await Promise.all(asked)
      assert.equal(atOnce, 0, 'two flights at once')
    }),
    { numRuns: propertyRuns(2_000) },
  )
})

test('of more than 1,000 values the one obtained first goes', async () => {
  const fresh = createFresh<string>(() => 0)
  const obtained: string[] = []
  const take = (key: string) =>
    fresh.take(
      key,
      async () => {
        obtained.push(key)
        return { value: key, renewAt: 1, expiresAt: 1 }
      },
      new AbortController().signal,
    )
  for (let turn = 0; turn <= 1_000; turn++) await take(`${turn}`)
  await take('1')
  assert.equal(obtained.length, 1_001)
  await take('0')
  assert.equal(obtained.at(-1), '0')
})
