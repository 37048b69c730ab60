import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { errorTable } from '../../shared/errors/index.ts'

test('docs/errors.md and the error table say the same, code by code', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `(\w+)` \| (\d+) \| (.*?) \| (.*?) \|$/gm)].map(
    ([, code = '', status, says, remedy = '']) => [
      code,
      { status: Number(status), says, remedy: remedy.replaceAll('`', '') },
    ],
  )
  assert.deepEqual(Object.fromEntries(rows), errorTable)
})
