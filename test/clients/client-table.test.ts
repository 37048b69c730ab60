import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { clients } from './all-clients.ts'
import { rejectionCases } from './rejection-cases.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/clients.md'), 'utf8')
const [, section = ''] = page.split('\n## The clients that are tested\n')
const [table = ''] = section.split('\n## ')
const rows = [...table.matchAll(/^\| (.*) \|$/gm)].slice(2).map(([, row = '']) => row.split(' | '))

test('the table has exactly the clients, with their calls and the cases that do not apply', () => {
  assert.deepEqual(
    rows.map(([name, calls, , , unsupported]) => [name, calls, unsupported]),
    clients.map(({ name, calls, unsupportedCases = {} }) => [
      name,
      calls,
      Object.entries(unsupportedCases)
        .map(([one, reason]) => `${one}: ${reason}`)
        .join('; ') || 'none',
    ]),
  )
})

test('all unsupported cases exist', () => {
  const names = rejectionCases.map(({ name }) => name)
  for (const { unsupportedCases = {} } of clients)
    for (const one of Object.keys(unsupportedCases)) assert.ok(names.includes(one), one)
})
