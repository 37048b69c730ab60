#!/usr/bin/env node
// The program, on whatever Node the machine has. One that reads TypeScript runs the command line itself; any other hands over
// to the project's own Node. Keep to what Node 18 understands.
import { spawn } from 'node:child_process'
import module from 'node:module'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const self = fileURLToPath(import.meta.url)
const root = join(self, '..', '..')

const handOver = () => {
  const ownNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  const child = spawn(ownNode, [self, ...process.argv.slice(2)], { stdio: 'inherit' })
  child.once('error', () => {
    process.stderr.write(`${ownNode} does not exist. Run: npm ci (in ${root})\n`)
    process.exitCode = 1
  })
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? 128 + constants.signals[signal]
  })
  // A terminal sends Ctrl-C to both; asking the child to end twice does no harm.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  // As in main.ts, whose parent this is here.
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid
    setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 200).unref()
  }
}

// Before 24.3, Node warns of its own type stripping.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major > 24 || (major === 24 && minor >= 3)) {
  // It keeps what was stripped of its types and compiled, which is most of what a short command would do. Before the first
  // TypeScript: loading the stripper alone takes longer than a short command.
  module.enableCompileCache(join(root, 'node_modules', '.cache', 'snowgate', 'compiled'))
  // The messages of zod in 50 languages, which are a third of what `env` would load. Only English is used.
  module.registerHooks({
    resolve: (specifier, context, next) =>
      specifier === '../locales/index.js' && /\/node_modules\/zod\//.test(context.parentURL ?? '')
        ? { url: 'data:text/javascript,', shortCircuit: true }
        : next(specifier, context),
  })
  await import('./main.ts')
} else handOver()
