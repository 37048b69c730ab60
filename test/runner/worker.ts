import { AssertionError } from 'node:assert'
import { run } from 'node:test'
import { pathToFileURL } from 'node:url'
import { inspect, stripVTControlCharacters } from 'node:util'
import type { TestFile, WorkerMessage } from './messages.ts'

/**
 * A process that runs test files one after the other, as its parent sends them. The files share imported modules, but not
 * hooks and tests.
 */

const send = (message: WorkerMessage): void => {
  process.send?.(message)
}

/** A readable failure: message, difference and the stack frames of our own files. */
const failureText = (error: Error): string => {
  const thrown = error.cause ?? error
  // inspect would repeat an assertion's message and difference.
  const text = thrown instanceof AssertionError ? String(thrown.stack) : inspect(thrown)
  return (
    stripVTControlCharacters(text)
      .split('\n')
      // The beginning is enough to find a difference in a text of megabytes.
      .map((line) => (line.length > 1_000 ? `${line.slice(0, 1_000)} … (${line.length} characters)` : line))
      .filter((line) => !/^\s+at .*\(?(node:|.*[\\/]node_modules[\\/])/.test(line))
      .join('\n')
  )
}

const containing = (text: string): RegExp => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))

const failureTypeOf = (error: Error): unknown => ('failureType' in error ? error.failureType : undefined)

const runFile = async ({ file, titles }: TestFile): Promise<void> => {
  const path: string[] = []
  const events = run({
    files: [file],
    isolation: 'none',
    timeout: 300_000,
    ...(titles.length > 0 && { testNamePatterns: titles.map((title) => containing(title)) }),
  })
  let failed = 0
  let started = 0
  let completed = 0
  let leftOpen: NodeJS.Timeout | undefined
  for await (const { type, data } of events) {
    if (type === 'test:dequeue') started++
    if (type === 'test:complete') completed++
    clearTimeout(leftOpen)
    if (started > 0 && started === completed) {
      // unref: fires only if something else keeps the process alive.
      leftOpen = setTimeout(
        () => send({ type: 'left open', resources: process.getActiveResourcesInfo() }),
        20_000,
      ).unref()
    }
    if (type === 'test:start') path.splice(data.nesting, path.length, data.name)
    if (type === 'test:pass' && data.details.type !== 'suite') {
      const reason = data.skip ?? data.todo
      const title = [...path.slice(0, data.nesting), data.name]
      if (reason === undefined || reason === false) send({ type: 'passed', title })
      else send({ type: 'skipped', title, reason: String(reason) })
    }
    if (type === 'test:fail' && data.todo !== undefined && data.todo !== false) {
      send({ type: 'skipped', title: [...path.slice(0, data.nesting), data.name], reason: `todo: ${data.todo}` })
      continue
    }
    // A failed subtest is not a failure of its parent.
    if (type === 'test:fail' && failureTypeOf(data.details.error) !== 'subtestsFailed') {
      failed++
      const title = data.name === file ? [] : [...path.slice(0, data.nesting), data.name]
      send({ type: 'failed', title, line: data.line, text: failureText(data.details.error) })
    }
    if (type === 'test:summary' && !data.success && failed === 0) {
      send({ type: 'failed', title: [], line: undefined, text: 'A hook of the file failed.' })
    }
  }
  clearTimeout(leftOpen)
  // Node reports an error of the module only if the module has registered no test before it. The module is loaded: this is
  // its result again.
  if (failed === 0) {
    await import(pathToFileURL(file).href).catch((error: unknown) => {
      send({ type: 'failed', title: [], line: undefined, text: failureText(asError(error)) })
    })
  }
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(inspect(thrown)))

/** Node ends a run in this mode when nothing keeps the process alive; finishing may need one more turn. */
let running = false
process.on('beforeExit', () => {
  if (running) setImmediate(() => {})
})

/** The environment of the first file, restored for each one. */
const environment = { ...process.env }

process.on('message', async (testFile: TestFile) => {
  process.channel?.unref()
  running = true
  await runFile(testFile)
  running = false
  process.env = { ...environment }
  process.channel?.ref()
  process.exitCode = 0
  send({ type: 'done' })
})
// Processes of the tests are in this process group and end with it, also when the runner was killed.
process.on('disconnect', () => process.kill(-process.pid, 'SIGKILL'))
process.setMaxListeners(0) // each run adds listeners, and not all of them are removed
