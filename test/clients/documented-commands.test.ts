import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'
import { shellExports } from '../../cli/commands/env.ts'
import { type RunningStack, runningStack } from '../local/running-stack.ts'
import { runProgram } from '../run-program.ts'
import { clients } from './all-clients.ts'
import { preparePython, pythonBin } from './python-environment.ts'

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/clients.md'), 'utf8')
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((text) => {
      const [heading = ''] = text.split('\n')
      return [heading, /^```sh\n(.*?)^```$/ms.exec(text)?.[1]]
    }),
)

let stack: RunningStack

before(async () => {
  preparePython()
  stack = await runningStack()
})
after(() => stack.stop())

test('the page has a section for each client that is tested', () => {
  for (const { name } of clients) assert.ok(sections.has(name), name)
})

for (const [heading, command] of sections) {
  if (command === undefined) continue
  test(`the command under "${heading}" greets Alice`, async () => {
    const exports = shellExports(await stack.identity('analytics'))
    const PATH = [pythonBin, join(root, 'node_modules/.bin'), process.env['PATH']].join(delimiter)
    const { stdout, stderr } = await runProgram('sh', ['-e', '-c', exports + command], { env: { PATH } })
    assert.match(stdout, /Hello, Alice/, stderr)
  })
}
