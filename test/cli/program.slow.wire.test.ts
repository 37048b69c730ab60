import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { isolatedEnvironment, runProgram } from '../run-program.ts'
import { serviceMap } from '../service-map.ts'

/** What `run` cannot show: the command line as a program, with signals, pipes and a terminal. */
const root = join(import.meta.dirname, '../..')
const main = join(root, 'cli', 'main.ts')
const launcher = join(root, 'cli', 'snowgate.js')
const startArgs = ['start', '--port', '0', '--access', serviceMap]

/** A program in the repository, until its output says the word; killed with whatever it started when the test file ends. */
const programUntil = async (word: RegExp, command: string, args: readonly string[]) => {
  const child = spawn(command, args, {
    cwd: root,
    env: isolatedEnvironment,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const closed = once(child, 'close')
  after(() => {
    // Everything that is left of it, if anything is: the group is its own.
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, 'SIGTERM')
    }
  })
  const stderr = text(child.stderr)
  let stdout = ''
  for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
    stdout += chunk
    const [, found] = word.exec(stdout) ?? []
    if (found !== undefined) return { child, closed, found }
  }
  throw new Error(`it ended before it said ${word}: ${stdout}${await stderr}`)
}

const listens = (url: string) =>
  fetch(`${url}/_snowgate/identities`).then(
    () => true,
    () => false,
  )

/** Sends the signal to the program alone, and gives the milliseconds after which the port of the stack is free. */
const untilFree = async (url: string, kill: () => void): Promise<number> => {
  const before = performance.now()
  kill()
  while ((await listens(url)) && performance.now() - before < 5_000) await sleep(20)
  return performance.now() - before
}

const ready = /^snowgate ready (\S+)\n$/m

test('the launcher runs the command line, and ends with its exit code', async () => {
  const unknown = await runProgram(process.execPath, [launcher, 'explain', 'nothing of the kind'])
  assert.deepEqual([unknown.code, unknown.stdout], [3, ''])
  assert.match(unknown.stderr, /^snowgate: /)
})

test('the launcher prints the ready line, and SIGTERM ends the stack with exit code 0', async () => {
  const { child, closed, found: url } = await programUntil(ready, process.execPath, [launcher, ...startArgs])
  assert.ok(await listens(url))
  assert.ok((await untilFree(url, () => child.kill('SIGTERM'))) < 1_000, 'the stack outlived the command')
  assert.deepEqual(await closed, [0, null])
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} to npm start frees the port within a second`, async () => {
    const args = ['start', '--', ...startArgs.slice(1)]
    const { child, closed, found: url } = await programUntil(ready, 'npm', args)
    assert.ok((await untilFree(url, () => child.kill(signal))) < 1_000, 'the stack outlived npm')
    await closed
  })
}

test('a stack whose command is killed outright ends, too', async () => {
  const { child, closed, found: url } = await programUntil(ready, process.execPath, [main, ...startArgs])
  assert.ok((await untilFree(url, () => child.kill('SIGKILL'))) < 1_000, 'the stack outlived the command')
  await closed
})

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} ends a command that waits for its input with exit code ${code}`, async () => {
    const child = spawn(process.execPath, [main, 'explain'], {
      env: isolatedEnvironment,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    after(() => child.kill('SIGKILL'))
    const closed = once(child, 'close')
    // Until it has loaded, and waits.
    await sleep(1_500)
    child.kill(signal)
    assert.deepEqual(await closed, [code, null])
  })
}

test('a pipe that is closed early ends the command without a word', async () => {
  const script = `set -o pipefail; "${process.execPath}" "${main}" explain --list | head -1`
  const { code, stdout, stderr } = await runProgram('bash', ['-c', script])
  assert.deepEqual([code, stderr], [0, ''])
  assert.equal(stdout.trim().split('\n').length, 1)
})

test('on a terminal, explain prompts for the error, and Ctrl-D ends the input', async () => {
  // script(1) of util-linux gives the program a terminal.
  const command = `sleep 2 | script -qec '"${process.execPath}" "${main}" explain' /dev/null`
  const { stdout } = await runProgram('bash', ['-c', command])
  assert.match(stdout, /Paste the error, then press Ctrl-D on an empty line\./)
})
