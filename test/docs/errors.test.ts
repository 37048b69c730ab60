import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { causes } from '../../shared/diagnoses/index.ts'
import { errorTable } from '../../shared/errors/index.ts'
import { causesInMarkdown } from './causes-in-markdown.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')

test('docs/errors.md and the error table say the same, code by code', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (.*?) \| (.*?) \|$/gm)].map(
    ([, code = '', status, message, remedy = '']) => [
      code,
      { status: Number(status), message, remedy: remedy.replaceAll('`', '') },
    ],
  )
  assert.deepEqual(Object.fromEntries(rows), errorTable)
})

test('docs/errors.md has every cause as its table has it, with the words that lead to it (node test/docs/write-causes.ts)', () => {
  assert.equal(page.slice(page.indexOf('### ')).trim(), causesInMarkdown())
})

test('docs/errors.md has every cause once, and no other', () => {
  const ids = [...page.matchAll(/^#### `([\w-]+)`$/gm)].map(([, id]) => id)
  assert.deepEqual(ids, Object.keys(causes))
})
