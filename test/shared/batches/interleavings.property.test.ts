import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ServiceError } from '../../../shared/errors/index.ts'
import { propertyRuns } from '../../property-runs.ts'
import { type Process, simulatedWorld } from './simulated-world.ts'

const asked = { batchId: 'batch', queryId: undefined, failsWhole: false, callerArn: 'arn:aws:iam::1:role/r' }

/** One run of the world: what is sent when, how often each order arrives, how long each worker works and which die. */
interface Course {
  readonly requests: readonly { readonly at: number; readonly kind: 'post' | 'poll' | 'forged order' }[]
  /** How many events each order becomes: Lambda delivers at least once, and drops what is too old. */
  readonly deliveries: readonly number[]
  readonly workers: readonly { readonly works: number; readonly diesAfter: number | undefined }[]
  readonly latencies: readonly number[]
}

const course: fc.Arbitrary<Course> = fc.record({
  requests: fc.array(
    fc.record({
      at: fc.nat({ max: 40_000 }),
      kind: fc.constantFrom<'post' | 'poll' | 'forged order'>('post', 'poll', 'forged order'),
    }),
    { maxLength: 12 },
  ),
  deliveries: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 6 }),
  workers: fc.array(
    fc.record({
      works: fc.nat({ max: 30_000 }),
      diesAfter: fc.option(fc.nat({ max: 30_000 }), { nil: undefined, freq: 2 }),
    }),
    { maxLength: 8 },
  ),
  latencies: fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 30 }),
})

/** What became of a course. */
const run = async ({ requests, deliveries, workers, latencies }: Course) => {
  let drawn = 0
  let ordered = 0
  let started = 0
  let key: string | undefined
  const told: Process[] = []
  const working = new Set<Process>()
  const faults: string[] = []
  const ends: string[] = []

  const world = simulatedWorld(
    () => latencies[drawn++ % latencies.length] ?? 0,
    (ofBatch) => {
      key = ofBatch
      for (let copies = deliveries[ordered++] ?? 1; copies > 0; copies--) work(ofBatch)
    },
  )

  const work = (ofBatch: string): void => {
    const process: Process = { dead: false }
    const { works = 1_000, diesAfter } = workers[started++] ?? {}
    if (diesAfter !== undefined) {
      world
        .pauseOf({ dead: false })(diesAfter)
        .then(() => {
          process.dead = true
          working.delete(process)
        })
    }
    const result = world.batchesOf(process).work(ofBatch, async ({ text }) => {
      if (working.size > 0) faults.push('two living workers tell the same rows')
      told.push(process)
      working.add(process)
      await world.pauseOf(process)(works)
      working.delete(process)
      return { text: `told ${text}`, rows: 1, failures: new Map() }
    })
    result.catch((error: unknown) => faults.push(`a worker failed: ${error}`))
  }

  /** An invocation that answers one request; what comes of it is 200 with the rows, 202 or a refusal. */
  const send = async (kind: 'post' | 'poll', mayBeUnknown: boolean): Promise<boolean> => {
    const batches = world.batchesOf({ dead: false })
    try {
      const answer = await (kind === 'post' ? batches.submit(asked, 'rows') : batches.poll(asked))
      if (answer && answer.text !== 'told rows') faults.push(`answered ${answer.text}`)
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
      await world.pauseOf({ dead: false })(at)
      if (kind !== 'forged order') await send(kind, true)
      else if (key !== undefined) work(key)
    }),
  ).then(async () => {
    // Snowflake sends its batch in any case, and polls until it knows.
    let known = await send('post', false)
    while (!known && world.elapsed() < 600_000) {
      await world.pauseOf({ dead: false })(1_000)
      known = await send('poll', false)
    }
    if (!known) faults.push('nothing came of it in ten minutes')
    over = true
  })
  while (!over && (await world.step())) {
    // Time passes.
  }
  await course
  return { told, faults, ends }
}

test('whatever is sent, duplicated, lost and killed: rows are told once for each worker that lived, and never by two at once', async () => {
  await fc.assert(
    fc.asyncProperty(course, async (given) => {
      const { told, faults, ends } = await run(given)
      assert.deepEqual(faults, [])
      const living = told.filter(({ dead }) => !dead)
      const died = told.length - living.length
      assert.ok(living.length <= 1, `${living.length} living workers told the rows`)
      assert.equal(new Set(ends).size, 1, `ended ${ends}`)
      // Dead before they told anything, they were replaced all the same.
      if (ends[0] === 'failed') assert.ok(died <= 3)
      if (given.workers.every(({ diesAfter }) => diesAfter === undefined)) assert.equal(told.length, 1)
    }),
    { numRuns: propertyRuns(300) },
  )
})
