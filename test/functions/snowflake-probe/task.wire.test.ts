import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { before, test } from 'node:test'
import { bundle } from '../../../infra/bundle/bundle-function.ts'
import type { Environment } from '../../../shared/aws/lambda-environment.ts'
import { temporaryFolder } from '../../infra/compile.ts'
import { startSnowflakeTestServer } from '../../local/snowflake/server/snowflake-test-server.ts'
import { keys, probeVariables } from './probe-harness.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const sql = `CREATE USER probe TYPE = SERVICE RSA_PUBLIC_KEY = '${keys.publicBody}';`
const passphrase = 'Rather-long-and-boring-42'
const encrypted = keys.privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }).toString()

/** The files of the image. */
let folder: string
before(async () => {
  folder = await temporaryFolder()
  const { entry, code, additionalFiles } = await bundle(root, 'functions/snowflake-probe/task')
  for (const file of [{ path: entry, code }, ...additionalFiles])
    await writeFile(join(folder, basename(file.path)), file.code)
})

/** Starts it as ECS does: with its variables, and without AWS credentials. */
const start = (env: Environment): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [join(folder, 'task.cjs')], { env })

const run = async (env: Environment) => {
  const task = start(env)
  const [stdout, stderr, [code]] = await Promise.all([text(task.stdout), text(task.stderr), once(task, 'exit')])
  return { code, stdout, stderr }
}

const secrets = { SNOWFLAKE_LOGIN: 'key-pair', SECRET_KEY: encrypted, PRIVATE_KEY_PASSPHRASE: passphrase }

test('with the two variables the task logs in, prints the version, and exits with 0', async () => {
  await using server = await startSnowflakeTestServer({ sql })
  const { code, stdout, stderr } = await run(probeVariables(server, { ...secrets, AWS_REGION: undefined }))
  assert.deepEqual([code, stderr], [0, ''], stdout)
  const { user, version } = JSON.parse(stdout)
  assert.deepEqual([user, version], ['PROBE', 'local'])
})

const failures = [
  { what: 'a wrong passphrase', more: { PRIVATE_KEY_PASSPHRASE: 'another' }, code: 'PASSPHRASE_WRONG' },
  { what: 'no passphrase', more: { PRIVATE_KEY_PASSPHRASE: undefined }, code: 'PASSPHRASE_MISSING' },
  { what: 'a key cut at its first line', more: { SECRET_KEY: encrypted.split('\n')[0] }, code: 'PRIVATE_KEY_UNUSABLE' },
  { what: 'the wrong account', more: { SNOWFLAKE_ACCOUNT: 'missing-account' }, code: 'SNOWFLAKE_UNUSABLE' },
] as const

for (const { what, more, code } of failures) {
  test(`with ${what} the task prints the error, and exits with 1`, async () => {
    await using server = await startSnowflakeTestServer({ sql })
    const { code: exit, stdout } = await run(probeVariables(server, { ...secrets, ...more }))
    assert.deepEqual([exit, JSON.parse(stdout).error.code], [1, code], stdout)
    assert.ok(!stdout.includes(passphrase) && !stdout.includes(encrypted.slice(100, 140)))
  })
}

test('without its settings the task lists all that are missing, and exits with 2', async () => {
  const { code, stderr } = await run({ SECRET_KEY: encrypted })
  assert.equal(code, 2)
  assert.match(
    stderr,
    /Missing environment variables: SNOWFLAKE_URL, SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER, SNOWFLAKE_LOGIN\./,
  )
})

test('with an interval the task probes repeatedly until it is stopped', async () => {
  await using server = await startSnowflakeTestServer({ sql })
  const task = start(probeVariables(server, { ...secrets, SNOWFLAKE_PROBE_EVERY_SECONDS: '1' }))
  let stdout = ''
  const lines = () => stdout.split('\n').filter(Boolean)
  for await (const chunk of task.stdout) {
    stdout += chunk
    if (lines().length >= 2) break
  }
  task.kill('SIGTERM')
  const [code] = task.exitCode === null ? await once(task, 'exit') : [task.exitCode]
  assert.equal(code, 0)
  assert.ok(lines().every((line) => JSON.parse(line).user === 'PROBE'))
})
