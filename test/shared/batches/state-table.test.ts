import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Head } from '../../../shared/batches/head.ts'
import { parseHead } from '../../../shared/batches/head.ts'
import { type Item, stateTable } from '../../../shared/batches/state-table.ts'

/** A table in memory, with a clock that can be set. */
const inMemory = () => {
  const items = new Map<string, Item>()
  let time = Date.UTC(2026, 0, 1)
  let ids = 0
  const table = stateTable({
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

const head: Head = {
  batchId: 'batch',
  queryId: 'query',
  failsWhole: true,
  rows: { id: 'rows', count: 1 },
  state: { is: 'queued', until: 5, deaths: 0 },
}
const hours = 3_600_000

test('a head is created once, and swapped by whoever knows it', async () => {
  const { table } = inMemory()
  const known = await table.create('key', head, table.expiry())
  assert.deepEqual((await table.read('key'))?.head, head)
  assert.equal(await table.create('key', head, table.expiry()), undefined)
  assert.ok(known)
  const running: Head = { ...head, state: { is: 'running', until: 9, deaths: 1 } }
  assert.deepEqual((await table.swap('key', known, running))?.head, running)
  assert.equal(await table.swap('key', known, head), undefined)
  assert.deepEqual((await table.read('key'))?.head, running)
})

test('what is twelve hours old is not there, though it has not been deleted, and its batch may begin anew', async () => {
  const { table, wait } = inMemory()
  await table.create('key', head, table.expiry())
  wait(12 * hours - 1_000)
  assert.ok(await table.read('key'))
  wait(1_000)
  assert.equal(await table.read('key'), undefined)
  assert.ok(await table.create('key', head, table.expiry()))
})

test('whatever a text holds, it is read as it was written', async () => {
  const { table } = inMemory()
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (text) => {
      assert.equal(await table.readText('key', await table.writeText('key', text, 1)), text)
    }),
  )
})

test('a text that does not compress lies in parts that an item can hold', async () => {
  const { table, items } = inMemory()
  const text = randomBytes(1_000_000).toString('hex')
  const parts = await table.writeText('key', text, 1)
  assert.equal(parts.count, 4)
  // 409,600 with names and key.
  for (const { body } of items.values()) assert.ok(body.length <= 400_000)
  assert.equal(await table.readText('key', parts), text)
})

test('a text that lacks a part is a defect, not a shorter text', async () => {
  const { table, items } = inMemory()
  const parts = await table.writeText('key', randomBytes(1_000_000).toString('hex'), 1)
  items.delete(`key ${parts.id}/2`)
  await assert.rejects(table.readText('key', parts), { message: 'the batch table has no part 2 of 4' })
})

for (const state of [
  { is: 'queued', until: 1, deaths: 0 },
  { is: 'running', until: 1, deaths: 2 },
  { is: 'answered', answer: { id: 'a', count: 3 }, rows: 9 },
  { is: 'refused', code: 'DEADLINE_EXCEEDED', detail: 'in words' },
] as const) {
  test(`a batch that is ${state.is} is read as it was written`, () => {
    assert.deepEqual(parseHead(JSON.stringify({ ...head, state })), { ...head, state })
  })
}

for (const [what, strange] of Object.entries({
  'a list': [],
  'no state': { ...head, state: undefined },
  'a state that nobody knows': { ...head, state: { is: 'paused' } },
  'a code that is not on the error table': { ...head, state: { is: 'refused', code: 'toString' } },
  'a lease without an end': { ...head, state: { is: 'running', deaths: 0 } },
  'an answer that lies nowhere': { ...head, state: { is: 'answered', rows: 1 } },
})) {
  test(`${what} is no head`, () => {
    assert.throws(() => parseHead(JSON.stringify(strange)), { name: 'TypeError', message: /did not write/ })
  })
}
