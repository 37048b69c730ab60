import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import { propertyRuns } from '../../property-runs.ts'
import { type Invocation, simulateBatches } from './simulate-batches.ts'

const batchRequest = {
  batchId: 'batch',
  queryId: undefined,
  failsOnRowError: false,
  callerArn: 'arn:aws:iam::1:role/r',
}

/** One schedule: when requests are sent, how often each event arrives, how long each worker runs and which are killed. */
interface Schedule {
  readonly requests: readonly { readonly at: number; readonly kind: 'post' | 'poll' | 'forged event' }[]
  /** How often each event is delivered: Lambda delivers at least once, and drops old events. */
  readonly deliveries: readonly number[]
  readonly workers: readonly { readonly durationMs: number; readonly killedAfterMs: number | undefined }[]
  readonly latencies: readonly number[]
}

const schedule: fc.Arbitrary<Schedule> = fc.record({
  requests: fc.array(
    fc.record({
      at: fc.nat({ max: 40_000 }),
      kind: fc.constantFrom<'post' | 'poll' | 'forged event'>('post', 'poll', 'forged event'),
    }),
    { maxLength: 12 },
  ),
  deliveries: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }),
  workers: fc.array(
    fc.record({
      durationMs: fc.nat({ max: 30_000 }),
      killedAfterMs: fc.option(fc.nat({ max: 30_000 }), { nil: undefined, freq: 2 }),
    }),
    { maxLength: 8 },
  ),
  latencies: fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 30 }),
})

/** Runs a schedule and records what happened. */
const run = async ({ requests, deliveries, workers, latencies }: Schedule) => {
  let drawn = 0
  let ordered = 0
  let started = 0
  let key: string | undefined
  const processed: Invocation[] = []
  const working = new Set<Invocation>()
  const faults: string[] = []
  const ends: string[] = []

  const simulation = simulateBatches(
    () => latencies[drawn++ % latencies.length] ?? 0,
    (batchKey) => {
      key = batchKey
      for (let copies = deliveries[ordered++] ?? 1; copies > 0; copies--) work(batchKey)
    },
  )

  const work = (batchKey: string): void => {
    const process: Invocation = { killed: false }
    const { durationMs = 1_000, killedAfterMs } = workers[started++] ?? {}
    if (killedAfterMs !== undefined) {
      simulation
        .sleepOf({ killed: false })(killedAfterMs)
        .then(() => {
          process.killed = true
          working.delete(process)
        })
    }
    const result = simulation.batchesOf(process).work(batchKey, async ({ text }) => {
      if (working.size > 0) faults.push('two live workers process the same rows')
      processed.push(process)
      working.add(process)
      await simulation.sleepOf(process)(durationMs)
      working.delete(process)
      return { text: `processed ${text}`, rows: 1, failures: new Map() }
    })
    result.catch((error: unknown) => faults.push(`a worker failed: ${error}`))
  }

  /** Sends one request, whose response is 200 with the rows, 202 or an error. */
  const send = async (kind: 'post' | 'poll', mayBeUnknown: boolean): Promise<boolean> => {
    const batches = simulation.batchesOf({ killed: false })
    try {
      const answer = await (kind === 'post' ? batches.submit(batchRequest, 'rows') : batches.poll(batchRequest))
      if (answer && answer.text !== 'processed rows') faults.push(`answered ${answer.text}`)
      if (answer) ends.push('answered')
      return answer !== undefined
    } catch (error) {
      const code = error instanceof ServiceError ? error.code : String(error)
      if (code === 'BATCH_UNKNOWN' && mayBeUnknown) return false
      if (code === 'BATCH_FAILED') ends.push('failed')
      else faults.push(code)
      return true
    }
  }

  let over = false
  const course = Promise.all(
    requests.map(async ({ at, kind }) => {
      await simulation.sleepOf({ killed: false })(at)
      if (kind !== 'forged event') await send(kind, true)
      else if (key !== undefined) work(key)
    }),
  ).then(async () => {
    // Snowflake always sends its batch, and polls until it has the result.
    let isDone = await send('post', false)
    while (!isDone && simulation.elapsed() < 600_000) {
      await simulation.sleepOf({ killed: false })(1_000)
      isDone = await send('poll', false)
    }
    if (!isDone) faults.push('no result within ten minutes')
    over = true
  })
  while (!over && (await simulation.step())) {
    // Time passes.
  }
  await course
  return { processed, faults, ends }
}

test('with any requests, duplicates, lost events and killed workers, rows are processed once by each live worker, and never by two at once', async () => {
  await fc.assert(
    fc.asyncProperty(schedule, async (schedule) => {
      const { processed, faults, ends } = await run(schedule)
      assert.deepEqual(faults, [])
      const live = processed.filter(({ killed }) => !killed)
      const killed = processed.length - live.length
      assert.ok(live.length <= 1, `${live.length} live workers processed the rows`)
      assert.equal(new Set(ends).size, 1, `ended ${ends}`)
      // A worker that is killed before it processes a row is replaced too.
      if (ends[0] === 'failed') assert.ok(killed <= 3)
      if (schedule.workers.every(({ killedAfterMs }) => killedAfterMs === undefined)) assert.equal(processed.length, 1)
    }),
    { numRuns: propertyRuns(300) },
  )
})
