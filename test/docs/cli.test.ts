import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { callCommand } from '../../cli/commands/call.ts'
import { envCommand } from '../../cli/commands/env.ts'
import { startCommand } from '../../cli/commands/start.ts'
import { exitCodes } from '../../cli/exit-codes.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8')

/** The first column of the tables below a heading, code marks taken off. */
const firstColumn = (heading: string) => {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const [own = ''] = section.split(/\n##+ /)
  return [...own.matchAll(/^\| `?([^|`]+?)`? \|/gm)].map(([, cell = '']) => cell).filter((cell) => !/^-+$/.test(cell))
}

for (const command of [startCommand, envCommand, callCommand]) {
  test(`the page has every flag of ${command.name()}, and no other`, () => {
    const flags = command.options.map((option) => option.flags)
    assert.deepEqual(firstColumn(command.name()), ['flag', ...flags])
  })
}

test('the page has every exit code, and no other', () => {
  assert.deepEqual(firstColumn('Exit codes'), ['code', ...Object.values(exitCodes).map(String)])
})
