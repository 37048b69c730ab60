import assert from 'node:assert/strict'
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { before, test } from 'node:test'
import { bundle } from '../../../infra/bundle.ts'
import type { Environment } from '../../../shared/settings.ts'
import { temporaryFolder } from '../../infra/compile.ts'
import { startServed } from '../../local/snowflake-server/served.ts'
import { keys, variables } from './probing.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const sql = `CREATE USER probe TYPE = SERVICE RSA_PUBLIC_KEY = '${keys.publicBody}';`
const passphrase = 'Rather-long-and-boring-42'
const encrypted = keys.privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }).toString()

/** The files of the image. */
let folder: string
before(async () => {
  folder = await temporaryFolder()
  const { entry, code, beside } = await bundle(root, 'functions/snowflake-probe/task')
  for (const file of [{ path: entry, code }, ...beside]) await writeFile(join(folder, basename(file.path)), file.code)
})

/** As ECS starts it: with its variables, and nothing of AWS. */
const start = (env: Environment): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [join(folder, 'task.cjs')], { env })

const run = async (env: Environment) => {
  const task = start(env)
  const [printed, complained, [code]] = await Promise.all([text(task.stdout), text(task.stderr), once(task, 'exit')])
  return { code, printed, complained }
}

const secrets = { SNOWFLAKE_LOGIN: 'key-pair', SECRET_KEY: encrypted, PRIVATE_KEY_PASSPHRASE: passphrase }

test('with the two variables set the task logs in, prints the version, and ends well', async () => {
  await using served = await startServed({ sql })
  const { code, printed, complained } = await run(variables(served, { ...secrets, AWS_REGION: undefined }))
  assert.deepEqual([code, complained], [0, ''], printed)
  const { user, version } = JSON.parse(printed)
  assert.deepEqual([user, version], ['PROBE', 'local'])
})

const failures = [
  { what: 'a wrong passphrase', more: { PRIVATE_KEY_PASSPHRASE: 'another' }, code: 'PASSPHRASE_WRONG' },
  { what: 'no passphrase', more: { PRIVATE_KEY_PASSPHRASE: undefined }, code: 'PASSPHRASE_MISSING' },
  { what: 'a key cut at its first line', more: { SECRET_KEY: encrypted.split('\n')[0] }, code: 'PRIVATE_KEY_UNUSABLE' },
  { what: 'the wrong account', more: { SNOWFLAKE_ACCOUNT: 'nobody-s' }, code: 'SNOWFLAKE_UNUSABLE' },
] as const

for (const { what, more, code } of failures) {
  test(`with ${what} the task says so, and ends with 1`, async () => {
    await using served = await startServed({ sql })
    const { code: exit, printed } = await run(variables(served, { ...secrets, ...more }))
    assert.deepEqual([exit, JSON.parse(printed).error.code], [1, code], printed)
    assert.ok(!printed.includes(passphrase) && !printed.includes(encrypted.slice(100, 140)))
  })
}

test('without its settings the task names all that are missing, and ends with 2', async () => {
  const { code, complained } = await run({ SECRET_KEY: encrypted })
  assert.equal(code, 2)
  assert.match(complained, /lacks SNOWFLAKE_URL, SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER, SNOWFLAKE_LOGIN/)
})

test('told to, the task probes again and again until it is stopped', async () => {
  await using served = await startServed({ sql })
  const task = start(variables(served, { ...secrets, SNOWFLAKE_PROBE_EVERY_SECONDS: '1' }))
  let printed = ''
  const lines = () => printed.split('\n').filter(Boolean)
  for await (const chunk of task.stdout) {
    printed += chunk
    if (lines().length >= 2) break
  }
  task.kill('SIGTERM')
  const [code] = task.exitCode === null ? await once(task, 'exit') : [task.exitCode]
  assert.equal(code, 0)
  assert.ok(lines().every((line) => JSON.parse(line).user === 'PROBE'))
})
