#!/usr/bin/env node
// What npx runs, on whatever Node the machine has: hands over to the project's own Node, which reads TypeScript.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const ownNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const child = spawn(ownNode, [join(root, 'cli', 'main.ts'), ...process.argv.slice(2)], { stdio: 'inherit' })

child.once('error', () => {
  process.stderr.write(`${ownNode} is not there: run npm ci in ${root}.\n`)
  process.exitCode = 1
})
child.once('exit', (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal]
})
// A terminal sends Ctrl-C to both; asking the child to end twice does no harm.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
