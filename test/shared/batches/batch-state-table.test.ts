import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { type BatchRecord, parseBatchRecord } from '../../../shared/batches/batch-record.ts'
import { createStateTable, type Item } from '../../../shared/batches/batch-state-table.ts'

/** A table in memory, with a clock that can be set. */
const inMemory = () => {
  const items = new Map<string, Item>()
  let time = Date.UTC(2026, 0, 1)
  let ids = 0
  const table = createStateTable({
    items: {
      get: async (batch, part) => items.get(`${batch} ${part}`),
      put: async (batch, part, item, condition) => {
        const present = items.get(`${batch} ${part}`)
        const holds =
          !condition ||
          ('version' in condition
            ? present?.version === condition.version
            : !present || present.expires <= condition.absentAt)
        if (holds) items.set(`${batch} ${part}`, item)
        return holds
      },
    },
    now: () => time,
    newId: () => `id-${ids++}`,
  })
  return {
    table,
    items,
    wait: (milliseconds: number) => {
      time += milliseconds
    },
  }
}

const record: BatchRecord = {
  batchId: 'batch',
  queryId: 'query',
  failsOnRowError: true,
  rows: { id: 'rows', count: 1 },
  state: { status: 'queued', until: 5, failedAttempts: 0 },
}
const hours = 3_600_000

test('a record is created once, and swapped only with its current version', async () => {
  const { table } = inMemory()
  const created = await table.create('key', record, table.expiry())
  assert.deepEqual((await table.read('key'))?.record, record)
  assert.equal(await table.create('key', record, table.expiry()), undefined)
  assert.ok(created)
  const running: BatchRecord = { ...record, state: { status: 'running', until: 9, failedAttempts: 1 } }
  assert.deepEqual((await table.swap('key', created, running))?.record, running)
  assert.equal(await table.swap('key', created, record), undefined)
  assert.deepEqual((await table.read('key'))?.record, running)
})

test('a record expires after twelve hours, although it has not been deleted, and the batch can be created again', async () => {
  const { table, wait } = inMemory()
  await table.create('key', record, table.expiry())
  wait(12 * hours - 1_000)
  assert.ok(await table.read('key'))
  wait(1_000)
  assert.equal(await table.read('key'), undefined)
  assert.ok(await table.create('key', record, table.expiry()))
})

test('any text is read as it was written', async () => {
  const { table } = inMemory()
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      assert.equal(await table.readText('key', await table.writeText('key', text, 1)), text)
    }),
  )
})

test('a text that does not compress is split into parts that fit into items', async () => {
  const { table, items } = inMemory()
  const text = randomBytes(1_000_000).toString('hex')
  const parts = await table.writeText('key', text, 1)
  assert.equal(parts.count, 4)
  // 409,600 with names and key.
  for (const { body } of items.values()) assert.ok(body.length <= 400_000)
  assert.equal(await table.readText('key', parts), text)
})

test('a missing part of a text is an error, not a shorter text', async () => {
  const { table, items } = inMemory()
  const parts = await table.writeText('key', randomBytes(1_000_000).toString('hex'), 1)
  items.delete(`key ${parts.id}/2`)
  await assert.rejects(table.readText('key', parts), { message: 'the batch table has no part 2 of 4' })
})

for (const state of [
  { status: 'queued', until: 1, failedAttempts: 0 },
  { status: 'running', until: 1, failedAttempts: 2 },
  { status: 'completed', answer: { id: 'a', count: 3 }, rows: 9 },
  { status: 'failed', code: 'DEADLINE_EXCEEDED', detail: 'details' },
] as const) {
  test(`a record with the status ${state.status} is read as it was written`, () => {
    assert.deepEqual(parseBatchRecord(JSON.stringify({ ...record, state })), { ...record, state })
  })
}

for (const [what, invalid] of Object.entries({
  'a list': [],
  'no state': { ...record, state: undefined },
  'an unknown status': { ...record, state: { status: 'paused' } },
  'a code that is not in the error table': { ...record, state: { status: 'failed', code: 'toString' } },
  'a lock without an end': { ...record, state: { status: 'running', failedAttempts: 0 } },
  'a result without its text': { ...record, state: { status: 'completed', rows: 1 } },
})) {
  test(`${what} is not a valid record`, () => {
    assert.throws(() => parseBatchRecord(JSON.stringify(invalid)), {
      name: 'TypeError',
      message: /has an invalid record/,
    })
  })
}
