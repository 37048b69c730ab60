import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import type { TestFile, WorkerMessage } from './messages.ts'
import { createReport, type FileResult } from './report.ts'

/**
 * Runs test files in one process per core. `npm test` runs the fast tests, `--slow` the others, `--all` both, `--clients`
 * the tests with other programs as clients. Paths and parts of titles select.
 */
const root = join(import.meta.dirname, '..', '..')
const { values, positionals } = parseArgs({
  options: { slow: { type: 'boolean' }, all: { type: 'boolean' }, clients: { type: 'boolean' } },
  allowPositionals: true,
})
const paths = positionals.filter((one) => existsSync(join(root, one)))
const titles = positionals.filter((one) => !paths.includes(one))

const isSlow = (file: string) => /\.slow\.(wire\.)?test\.ts$/.test(file)
const isWire = (file: string) => /\.wire\.test\.ts$/.test(file)
/** A file that sends no message for this long hangs. */
const silenceTimeoutMs = (file: string) => (isSlow(file) || values.clients ? 1_800_000 : 120_000)

const hasProperties = (file: string) => readFileSync(join(root, file), 'utf8').includes('property-runs.ts')

const selectFiles = (): string[] => {
  const everything = globSync(values.clients ? 'test/clients/*.test.ts' : 'test/**/*.test.ts', { cwd: root })
  const found = everything.filter((file) => values.clients || !/^test\/(clients|bench)\//.test(file))
  // A given path runs in any suite.
  if (paths.length > 0) return found.filter((file) => paths.some((path) => !relative(path, file).startsWith('..')))
  if (values.clients || values.all) return found
  return found.filter((file) => (values.slow ? isSlow(file) || hasProperties(file) : !isSlow(file)))
}

// Slow files first, so that no core waits for the last one.
const rank = (file: string) => 2 * Number(isSlow(file)) + Number(isWire(file))
const queue = selectFiles().sort((one, other) => rank(other) - rank(one) || one.localeCompare(other))

/** Everything that tests write goes here; removed on exit. */
const temporary = mkdtempSync(join(tmpdir(), 'snowgate-test-'))
const workers = new Set<ChildProcess>()

/** A worker leads a process group, so that processes of its tests end with it. */
const killGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // The group has already ended.
  }
}

const startWorker = (): ChildProcess => {
  const worker = fork(join(import.meta.dirname, 'worker.ts'), {
    cwd: root,
    detached: true,
    silent: true,
    env: {
      ...process.env,
      TMPDIR: temporary,
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compile'),
      ...((values.slow || values.all) && { FULL_PROPERTY_RUNS: '1' }),
    },
  })
  workers.add(worker)
  return worker
}

const runFile = (worker: ChildProcess, file: string): Promise<FileResult> =>
  new Promise((resolve) => {
    const startedAt = performance.now()
    const result = {
      passed: 0,
      skipped: [] as FileResult['skipped'][number][],
      failures: [] as FileResult['failures'][number][],
    }
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk
    }
    const finish = () => {
      clearTimeout(silenceTimer)
      worker.off('message', onMessage).off('exit', onExit)
      worker.stdout?.off('data', collect)
      worker.stderr?.off('data', collect)
      resolve({ file, milliseconds: performance.now() - startedAt, output, ...result })
    }
    const fail = (text: string) => result.failures.push({ title: [], text })
    const onExit = (code: number | null, signal: string | null) => {
      fail(`The test process exited with ${signal ?? `code ${code}`}.`)
      finish()
    }
    const killWorker = () => {
      worker.off('exit', onExit).once('exit', finish)
      killGroup(worker)
    }
    const silenceTimer = setTimeout(() => {
      fail(`No test started or ended for ${silenceTimeoutMs(file) / 1_000} seconds: a test hangs.`)
      killWorker()
    }, silenceTimeoutMs(file))
    const onMessage = (message: WorkerMessage) => {
      silenceTimer.refresh()
      if (message.type === 'passed') result.passed++
      if (message.type === 'skipped') result.skipped.push(message)
      if (message.type === 'failed') result.failures.push(message)
      if (message.type === 'left open') {
        fail(`The tests have ended and the file has not. It left open: ${message.resources.join(', ')}`)
        killWorker()
      }
      if (message.type === 'done') finish()
    }
    worker.on('message', onMessage).on('exit', onExit)
    worker.stdout?.on('data', collect)
    worker.stderr?.on('data', collect)
    worker.send({ file: join(root, file), titles } satisfies TestFile)
  })

const report = createReport({ write: (text) => process.stdout.write(text), selected: titles.length > 0 })

const work = async (): Promise<void> => {
  let worker = startWorker()
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    if (!worker.connected) {
      killGroup(worker)
      worker = startWorker()
    }
    report.add(await runFile(worker, file))
  }
  if (worker.connected) worker.disconnect()
}

process.on('exit', () => {
  for (const worker of workers) killGroup(worker)
  rmSync(temporary, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

const startedAt = performance.now()
const cores = values.clients ? 1 : Math.max(2, availableParallelism())
await Promise.all(Array.from({ length: Math.min(cores, queue.length) }, work))
process.exitCode = report.finish(performance.now() - startedAt) ? 0 : 1
