import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ServiceError } from '../../../shared/errors/index.ts'
import { answerRows, type Row } from '../../../shared/rows/index.ts'
import { propertyRuns } from '../../property-runs.ts'

const numbered = (count: number): Row[] => Array.from({ length: count }, (_, index) => [index, `argument ${index}`])
const bounds = { failsWhole: false, longest: 6_000_000, remainingMilliseconds: () => 3_000 }
const refused = (detail = 'planted') => new ServiceError('INPUT_INVALID', { detail })
const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** The pairs of an answer, parsed. */
const pairs = async (...given: Parameters<typeof answerRows>) => JSON.parse((await answerRows(...given)).text).data

for (const count of [0, 1, 2, 499, 500, 501, 1_000, 30_000]) {
  test(`${count} rows are answered with their ${count} numbers in order`, async () => {
    const found = await pairs(numbered(count), (row) => row[1], bounds)
    assert.deepEqual(found, numbered(count))
  })
}

test('rows that finish in any order are answered in the order in which they came', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ waits: fc.boolean(), milliseconds: fc.nat({ max: 3 }), fails: fc.boolean() }), {
        maxLength: 60,
      }),
      async (plan) => {
        const story = ([number]: Row) => {
          const { waits, milliseconds, fails } = plan[Number(number)] ?? assert.fail()
          const answer = () => {
            if (fails) throw refused()
            return number
          }
          return waits ? later(milliseconds).then(answer) : answer()
        }
        const found = await answerRows(numbered(plan.length), story, bounds)
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

test('sixteen rows are in work at once, and never more', async () => {
  let inWork = 0
  let most = 0
  const story = async () => {
    most = Math.max(most, ++inWork)
    await later(1)
    inWork--
  }
  await answerRows(numbered(100), story, bounds)
  assert.equal(most, 16)
})

test('a story without promises is told in one turn of the event loop', async () => {
  let turns = 0
  const turn = setInterval(() => turns++, 0)
  await answerRows(numbered(30_000), () => 'value', bounds)
  clearInterval(turn)
  assert.equal(turns, 0)
})

test('a failure is the value of its row and leaves the others as they are', async () => {
  const story = ([number]: Row) => {
    if (number === 1) throw refused('"name" must be text.')
    if (number === 2) throw new TypeError('planted-evidence')
    return number === 3 ? Promise.reject(new ServiceError('DEADLINE_EXCEEDED')) : 'fine'
  }
  const { text, rows, failures } = await answerRows(numbered(5), story, bounds)
  assert.deepEqual(JSON.parse(text).data, [
    [0, 'fine'],
    [1, { error: { code: 'INPUT_INVALID', message: refused('"name" must be text.').message } }],
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

test('a value that JSON cannot hold is the failure of its row alone', async () => {
  const circle: Record<string, unknown> = {}
  circle['circle'] = circle
  const values = ['before', 9n, circle, () => {}, undefined, 'after']
  const found = await pairs(numbered(values.length), ([number]) => values[Number(number)], bounds)
  assert.deepEqual(
    found.map(([, value]: unknown[]) => (typeof value === 'object' && value ? Object.keys(value) : value)),
    ['before', ['error'], ['error'], null, null, 'after'],
  )
})

const failsWhole = { ...bounds, failsWhole: true }

test('where the author asked for it, the first failure fails the batch, naming its row', async () => {
  let told = 0
  const story = ([number]: Row) => {
    told++
    if (number === 7) throw refused('"name" must be text.')
  }
  await assert.rejects(answerRows(numbered(100), story, failsWhole), {
    code: 'INPUT_INVALID',
    status: 400,
    detail: '"name" must be text. Failed in row 7.',
  })
  assert.equal(told, 8)
})

test('a passing fault does not hide a lasting one, since a retry would not cure the batch', async () => {
  const story = async ([number]: Row) => {
    if (number === 0) throw new ServiceError('DEADLINE_EXCEEDED')
    await later(1)
    if (number === 1) throw refused()
  }
  await assert.rejects(answerRows(numbered(2), story, failsWhole), { code: 'INPUT_INVALID', status: 400 })
})

test('a batch whose only failures pass by themselves fails with a status that Snowflake retries', async () => {
  const story = () => Promise.reject(new ServiceError('DEADLINE_EXCEEDED'))
  await assert.rejects(answerRows(numbered(2), story, failsWhole), { code: 'DEADLINE_EXCEEDED', status: 503 })
})

test('a batch that fails waits for the rows in work, and begins no other', async () => {
  const finished: unknown[] = []
  const story = async ([number]: Row) => {
    if (number === 0) throw refused()
    await later(5)
    finished.push(number)
  }
  await assert.rejects(answerRows(numbered(100), story, failsWhole), { code: 'INPUT_INVALID' })
  assert.deepEqual(finished.length, 15)
  await later(20)
  assert.equal(finished.length, 15)
})

for (const [kind, story] of [
  ['synchronous', () => 'x'.repeat(1_000)],
  ['asynchronous', async () => 'x'.repeat(1_000)],
] as const) {
  test(`an answer of a ${kind} story that grows too large is refused before the other rows are told`, async () => {
    let told = 0
    const counting = () => {
      told++
      return story()
    }
    await assert.rejects(answerRows(numbered(10_000), counting, { ...bounds, longest: 100_000 }), {
      code: 'ANSWER_TOO_LARGE',
      status: 413,
    })
    assert.ok(told <= 600, String(told))
  })
}

test('near the deadline no further row is begun, and the batch is a passing fault that says how far it came', async () => {
  let remaining = 1_000
  const story = async () => {
    remaining -= 10
  }
  const found = answerRows(numbered(1_000), story, { ...bounds, remainingMilliseconds: () => remaining })
  await assert.rejects(found, { code: 'DEADLINE_EXCEEDED', status: 503, detail: '90 of 1000 rows were processed.' })
})
