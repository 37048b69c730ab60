import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { causes } from '../../shared/diagnoses/index.ts'
import { errorTable } from '../../shared/errors/error-table.ts'
import { causesInMarkdown } from './causes-in-markdown.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8')

test('docs/errors.md has the rows of the error table', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \| (.*?) \| (.*?) \|$/gm)].map(
    ([, code = '', status, message, remedy = '']) => [
      code,
      { status: Number(status), message, remedy: remedy.replaceAll('`', '') },
    ],
  )
  assert.deepEqual(Object.fromEntries(rows), errorTable)
})

test('docs/errors.md has the text of every cause and the messages that lead to it (update it with: node test/docs/write-causes.ts)', () => {
  assert.equal(page.slice(page.indexOf('### ')).trim(), causesInMarkdown())
})

test('docs/errors.md has every cause once, and no other', () => {
  const ids = [...page.matchAll(/^#### `([\w-]+)`$/gm)].map(([, id]) => id)
  assert.deepEqual(ids, Object.keys(causes))
})
