import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cases } from './cases.ts'
import { clients } from './clients.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/clients.md'), 'utf8')
const [, section = ''] = page.split('\n## The clients that are tested\n')
const [table = ''] = section.split('\n## ')
const rows = [...table.matchAll(/^\| (.*) \|$/gm)].slice(2).map(([, row = '']) => row.split(' | '))

test('the table has every client, what it calls and the cases that do not apply to it, and no other', () => {
  assert.deepEqual(
    rows.map(([name, calls, , , excuses]) => [name, calls, excuses]),
    clients.map(({ name, calls, cannot = {} }) => [
      name,
      calls,
      Object.entries(cannot)
        .map(([one, why]) => `${one}: ${why}`)
        .join('; ') || 'none',
    ]),
  )
})

test('a client is excused from cases that exist', () => {
  const names = cases.map(({ name }) => name)
  for (const { cannot = {} } of clients) for (const one of Object.keys(cannot)) assert.ok(names.includes(one), one)
})
