import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import { z } from 'zod'
import { openLocalStack } from '../../cli/local-stack/index.ts'
import { faults } from '../../local/faults/index.ts'
import { bareEnvironment } from '../run-program.ts'
import { runSnowgate } from './run-snowgate.ts'

const hopsTold = z.object({
  hops: z.array(z.object({ cause: z.string().optional(), evidence: z.array(z.string()).optional() })),
})

test('--break list prints the names of the faults, one a line, and starts nothing', async () => {
  const { code, stdout, stderr } = await runSnowgate(['start', '--break', 'list'])
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  assert.equal(stdout, `${Object.keys(faults).join('\n')}\n`)
})

test('a fault that is not there is answered with the nearest that is', async () => {
  const { code, stderr } = await runSnowgate(['start', '--break', 'external-id-wrng'])
  assert.equal(code, 2)
  assert.match(
    stderr,
    /There is no fault "external-id-wrng"\.\nDid you mean external-id-wrong\? snowgate start --break list/,
  )
})

test('a fault that the map has nothing for is said to be one', async () => {
  const { code, stderr } = await runSnowgate(['start', '--stage', 'stg', '--break', 'user-missing'])
  assert.equal(code, 1)
  assert.match(stderr, /The stage stg says nothing of a login to Snowflake\./)
})

test('where the fault is that nothing runs, nothing does', async () => {
  const { code, stdout } = await runSnowgate(['start', '--break', 'stack-not-running'])
  assert.equal(code, 0)
  assert.match(stdout, /npx snowgate doctor --stage dev\n/)
  assert.doesNotMatch(stdout, /ready/)
})

test('a world is set up from a copy of the map, broken without a word on how, and left as it was found', async () => {
  const map = await readFile('access.yml', 'utf8')
  const main = join(import.meta.dirname, '../../cli/main.ts')
  const args = [main, 'start', '--port', '0', '--break', 'integration-disabled']
  const child = spawn(process.execPath, args, { env: bareEnvironment })
  const ended = once(child, 'exit')
  const said: string[] = []
  let url = ''
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line)
    url = /^snowgate ready (\S+)$/.exec(line)?.[1] ?? ''
    if (url !== '') break
  }
  const stack = openLocalStack(url)
  const { accessMap } = await stack.service()
  assert.notEqual(accessMap, join(process.cwd(), 'access.yml'))
  assert.equal(await readFile(accessMap, 'utf8'), map)
  assert.ok(!said.join('\n').includes('integration'))
  const { failure } = await stack.runStatements({ session: 'test', sql: "SELECT snowgate.dev.hello('Alice')" })
  assert.match(failure?.message ?? '', /Integration 'SNOWGATE_DEV_SNOWFLAKE_API' is not enabled/)
  const doctor = await runSnowgate(['doctor', '--json', '--stack', url])
  const told: unknown = JSON.parse(doctor.stdout)
  const { hops } = hopsTold.parse(told)
  assert.deepEqual(
    hops.flatMap(({ cause }) => cause ?? []),
    ['integration-disabled'],
  )
  // Without being told, it looks at the copy.
  assert.ok(hops[0]?.evidence?.[0]?.startsWith(accessMap), doctor.stdout)
  child.kill('SIGTERM')
  assert.deepEqual(await ended, [0, null])
  await assert.rejects(readFile(accessMap), { code: 'ENOENT' })
  assert.equal(await readFile('access.yml', 'utf8'), map)
})
