import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ServiceError } from '../../../shared/errors/service-error.ts'
import type { Row } from '../../../shared/rows/parse-rows.ts'
import { processRows } from '../../../shared/rows/process-rows.ts'
import { propertyRuns } from '../../property-runs.ts'

const numbered = (count: number): Row[] => Array.from({ length: count }, (_, index) => [index, `argument ${index}`])
const limits = { failsOnRowError: false, maxLength: 6_000_000, remainingMilliseconds: () => 3_000 }
const invalidInput = (detail = 'planted') => new ServiceError('INPUT_INVALID', { detail })
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** The parsed pairs of a result. */
const pairs = async (...args: Parameters<typeof processRows>) => JSON.parse((await processRows(...args)).text).data

for (const count of [0, 1, 2, 499, 500, 501, 1_000, 30_000]) {
  test(`${count} rows return their ${count} numbers in order`, async () => {
    const found = await pairs(numbered(count), (row) => row[1], limits)
    assert.deepEqual(found, numbered(count))
  })
}

test('rows that finish in any order are returned in row order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ waits: fc.boolean(), milliseconds: fc.nat({ max: 3 }), fails: fc.boolean() }), {
        maxLength: 60,
      }),
      async (plan) => {
        const processRow = ([number]: Row) => {
          const { waits, milliseconds, fails } = plan[Number(number)] ?? assert.fail()
          const answer = () => {
            if (fails) throw invalidInput()
            return number
          }
          return waits ? later(milliseconds).then(answer) : answer()
        }
        const found = await processRows(numbered(plan.length), processRow, limits)
        assert.deepEqual(
          JSON.parse(found.text).data.map(([number, value]: unknown[]) => [number, typeof value]),
          plan.map(({ fails }, index) => [index, fails ? 'object' : 'number']),
        )
        assert.equal(found.failures.get('INPUT_INVALID')?.rows ?? 0, plan.filter(({ fails }) => fails).length)
      },
    ),
    { numRuns: propertyRuns(100) },
  )
})

test('at most sixteen rows run concurrently', async () => {
  let inWork = 0
  let most = 0
  const processRow = async () => {
    most = Math.max(most, ++inWork)
    await later(1)
    inWork--
  }
  await processRows(numbered(100), processRow, limits)
  assert.equal(most, 16)
})

test('rows without promises are processed in one turn of the event loop', async () => {
  let turns = 0
  const turn = setInterval(() => turns++, 0)
  await processRows(numbered(30_000), () => 'value', limits)
  clearInterval(turn)
  assert.equal(turns, 0)
})

test('a failure is the value of its row and does not affect the others', async () => {
  const processRow = ([number]: Row) => {
    if (number === 1) throw invalidInput('"name" must be text.')
    if (number === 2) throw new TypeError('planted-evidence')
    return number === 3 ? Promise.reject(new ServiceError('DEADLINE_EXCEEDED')) : 'fine'
  }
  const { text, rows, failures } = await processRows(numbered(5), processRow, limits)
  assert.deepEqual(JSON.parse(text).data, [
    [0, 'fine'],
    [1, { error: { code: 'INPUT_INVALID', message: invalidInput('"name" must be text.').message } }],
    [2, { error: { code: 'UNEXPECTED', message: new ServiceError('UNEXPECTED').message } }],
    [3, { error: { code: 'DEADLINE_EXCEEDED', message: new ServiceError('DEADLINE_EXCEEDED').message } }],
    [4, 'fine'],
  ])
  assert.equal(rows, 5)
  assert.deepEqual(
    [...failures].map(([code, { rows }]) => [code, rows]),
    [
      ['INPUT_INVALID', 1],
      ['UNEXPECTED', 1],
      ['DEADLINE_EXCEEDED', 1],
    ],
  )
  assert.match(String(failures.get('UNEXPECTED')?.first.cause), /planted-evidence/)
})

test('a value that JSON cannot represent fails only its row', async () => {
  const circle: Record<string, unknown> = {}
  circle['circle'] = circle
  const values = ['before', 9n, circle, () => {}, undefined, 'after']
  const found = await pairs(numbered(values.length), ([number]) => values[Number(number)], limits)
  assert.deepEqual(
    found.map(([, value]: unknown[]) => (typeof value === 'object' && value ? Object.keys(value) : value)),
    ['before', ['error'], ['error'], null, null, 'after'],
  )
})

const failingLimits = { ...limits, failsOnRowError: true }

test('with failsOnRowError the first failure fails the batch, and names its row', async () => {
  let processed = 0
  const processRow = ([number]: Row) => {
    processed++
    if (number === 7) throw invalidInput('"name" must be text.')
  }
  await assert.rejects(processRows(numbered(100), processRow, failingLimits), {
    code: 'INPUT_INVALID',
    status: 400,
    detail: '"name" must be text. Failed in row 7.',
  })
  assert.equal(processed, 8)
})

test('a permanent failure takes precedence over a transient one, because a retry would not help', async () => {
  const processRow = async ([number]: Row) => {
    if (number === 0) throw new ServiceError('DEADLINE_EXCEEDED')
    await later(1)
    if (number === 1) throw invalidInput()
  }
  await assert.rejects(processRows(numbered(2), processRow, failingLimits), { code: 'INPUT_INVALID', status: 400 })
})

test('a batch with only transient failures fails with a status that Snowflake retries', async () => {
  const processRow = () => Promise.reject(new ServiceError('DEADLINE_EXCEEDED'))
  await assert.rejects(processRows(numbered(2), processRow, failingLimits), { code: 'DEADLINE_EXCEEDED', status: 503 })
})

test('a failed batch waits for its running rows, and starts no other', async () => {
  const finished: unknown[] = []
  const processRow = async ([number]: Row) => {
    if (number === 0) throw invalidInput()
    await later(5)
    finished.push(number)
  }
  await assert.rejects(processRows(numbered(100), processRow, failingLimits), { code: 'INPUT_INVALID' })
  assert.deepEqual(finished.length, 15)
  await later(20)
  assert.equal(finished.length, 15)
})

for (const [kind, processRow] of [
  ['synchronous', () => 'x'.repeat(1_000)],
  ['asynchronous', async () => 'x'.repeat(1_000)],
] as const) {
  test(`the result of an ${kind} handler that grows too large is rejected before all rows are processed`, async () => {
    let processed = 0
    const counting = () => {
      processed++
      return processRow()
    }
    await assert.rejects(processRows(numbered(10_000), counting, { ...limits, maxLength: 100_000 }), {
      code: 'ANSWER_TOO_LARGE',
      status: 413,
    })
    assert.ok(processed <= 600, String(processed))
  })
}

test('near the deadline no further row starts, and the batch is a transient error with the number of processed rows', async () => {
  let remaining = 1_000
  const processRow = async () => {
    remaining -= 10
  }
  const found = processRows(numbered(1_000), processRow, { ...limits, remainingMilliseconds: () => remaining })
  await assert.rejects(found, { code: 'DEADLINE_EXCEEDED', status: 503, detail: '90 of 1000 rows were processed.' })
})
