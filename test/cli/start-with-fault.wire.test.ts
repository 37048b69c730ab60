import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { z } from 'zod'
import { createLocalStackClient } from '../../cli/local-stack/local-stack-client.ts'
import { faults } from '../../local/faults/index.ts'
import { serviceMap } from '../service-map.ts'
import { runSnowgate } from './run-snowgate.ts'
import { startedStack } from './started-stack.ts'

const doctorOutput = z.object({
  checks: z.array(z.object({ cause: z.string().optional(), evidence: z.array(z.string()).optional() })),
})

test('--break list prints the names of the faults, one a line, and starts nothing', async () => {
  const { code, stdout, stderr } = await runSnowgate(['start', '--break', 'list'])
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  assert.equal(stdout, `${Object.keys(faults).join('\n')}\n`)
})

test('an unknown fault is rejected with the closest one', async () => {
  const { code, stderr } = await runSnowgate(['start', '--access', serviceMap, '--break', 'external-id-wrng'])
  assert.equal(code, 2)
  assert.match(
    stderr,
    /Unknown fault "external-id-wrng"\.\nDid you mean external-id-wrong\? All faults: npx snowgate start --break list/,
  )
})

test('a fault that the map does not support is rejected', async () => {
  const { code, stderr } = await runSnowgate([
    'start',
    '--access',
    serviceMap,
    '--stage',
    'stg',
    '--break',
    'user-missing',
  ])
  assert.equal(code, 1)
  assert.match(stderr, /The stage stg has no login to Snowflake\./)
})

test('with the fault that no stack runs, none starts', async () => {
  const { code, stdout } = await runSnowgate(['start', '--access', serviceMap, '--break', 'stack-not-running'])
  assert.equal(code, 0)
  assert.match(stdout, /npx snowgate doctor --stage dev\n/)
  assert.doesNotMatch(stdout, /ready/)
})

test('a stack is configured from a copy of the map, the fault is not named, and the map is unchanged', async () => {
  const map = await readFile(serviceMap, 'utf8')
  await using started = await startedStack('--access', serviceMap, '--break', 'integration-disabled')
  const { stdout, url, end } = started
  const stack = createLocalStackClient(url)
  const { accessMap } = await stack.service()
  assert.notEqual(accessMap, serviceMap)
  assert.equal(await readFile(accessMap, 'utf8'), map)
  assert.ok(!stdout.includes('integration'))
  const { failure } = await stack.runStatements({ session: 'test', sql: "SELECT snowgate.dev.hello('Alice')" })
  assert.match(failure?.message ?? '', /Integration 'SNOWGATE_DEV_SNOWFLAKE_API' is not enabled/)
  const doctor = await runSnowgate(['doctor', '--json', '--stack', url])
  const report: unknown = JSON.parse(doctor.stdout)
  const { checks } = doctorOutput.parse(report)
  assert.deepEqual(
    checks.flatMap(({ cause }) => cause ?? []),
    ['integration-disabled'],
  )
  // By default, doctor reads the copy.
  assert.ok(checks[0]?.evidence?.[0]?.startsWith(accessMap), doctor.stdout)
  assert.equal(await end('SIGTERM'), 0)
  await assert.rejects(readFile(accessMap), { code: 'ENOENT' })
  assert.equal(await readFile(serviceMap, 'utf8'), map)
})
