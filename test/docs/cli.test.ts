import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { createChecks } from '../../cli/checks/doctor-checks.ts'
import { exitCodes } from '../../cli/command-failure.ts'
import { commands } from '../../cli/commands.ts'
import type { CommandContext } from '../../cli/io.ts'
import { readAccessMap, stageOf } from '../../shared/access/index.ts'
import { serviceMap } from '../service-map.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/cli.md'), 'utf8')

/** The first column of the tables below a heading, code marks taken off. */
const firstColumn = (heading: string) => {
  const [, section = ''] = page.split(`\n## ${heading}\n`)
  const [own = ''] = section.split(/\n##+ /)
  return [...own.matchAll(/^\| `?([^|`]+?)`? \|/gm)].map(([, cell = '']) => cell).filter((cell) => !/^-+$/.test(cell))
}

const context: CommandContext = {
  env: {},
  cwd: '/',
  stdin: new PassThrough(),
  stdout: new PassThrough(),
  stderr: new PassThrough(),
  isTerminal: { stdin: false, stdout: false },
  signal: new AbortController().signal,
  setExitCode: () => {},
}
const created = await Promise.all(Object.values(commands).map(({ create }) => create(context)))

for (const command of created.flatMap((one) => [one, ...one.commands])) {
  const heading = command.parent ? `${command.parent.name()} ${command.name()}` : command.name()
  test(`the page has every flag of ${heading}, and no other`, () => {
    const flags = command.options.map((option) => option.flags)
    assert.deepEqual(firstColumn(heading), ['flag', ...flags])
  })
}

test('the page has every exit code, and no other', () => {
  assert.deepEqual(firstColumn('Exit codes'), ['code', ...Object.values(exitCodes).map(String)])
})

test('the page has every check of the doctor with its prerequisites, and no other', () => {
  const map = stageOf(readAccessMap(serviceMap), 'dev')
  const checks = new Map(createChecks(map).map(({ id, needs }) => [id.replace(/:.*$/, ''), needs.join(', ')]))
  const [, table = ''] = page.split('\n### Checks\n')
  const rows = [...table.matchAll(/^\| `([a-z-]+)(?::<\w+>)?`: [^|]+ \| ([^|]*)\|/gm)]
  assert.deepEqual(new Map(rows.map(([, id = '', needs = '']) => [id, needs.replaceAll('`', '').trim()])), checks)
})
