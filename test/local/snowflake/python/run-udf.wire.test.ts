import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fillTemplate, pythonQuoting } from '../../../../cli/setup/sql-templates.ts'
import type { UdfRun } from '../../../../local/snowflake/engine/python-udf.ts'
import { LocalLimitError, SnowflakeError } from '../../../../local/snowflake/engine/snowflake-error.ts'
import { createRunUdf } from '../../../../local/snowflake/python/run-udf.ts'
import { temporaryFolder } from '../../../infra/compile.ts'
import { type RunningStack, runningStack } from '../../running-stack.ts'

const { status, stdout } = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' })
const skip = status === 0 ? false : 'there is no python3 here'

let stack: RunningStack
/** A folder with a python3 that has nothing but what Python itself brings. */
let barePythonPath: string

before(async () => {
  stack = await runningStack()
  barePythonPath = await pathWith(`exec ${stdout.trim()} -S "$@"`)
})
after(() => stack.stop())

const pathWith = async (script: string): Promise<string> => {
  const folder = await temporaryFolder()
  writeFileSync(join(folder, 'python3'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, 'python3'), 0o755)
  return folder
}

const host = async () => new URL((await stack.describe()).apiUrl).host

/** The shipped body, as the set-up script fills it in. */
const shippedBody = async () => {
  const template = readFileSync('infra/snowflake/udf/hello.py', 'utf8')
  return fillTemplate(template, { url: `https://${await host()}/dev/hello`, region: 'eu-central-1' }, pythonQuoting)
}

const run = async (
  options: Partial<UdfRun['udf']> & { readonly rows?: string; readonly path?: string; readonly as?: string },
) => {
  const { rows = '[["Alice"]]', path = barePythonPath, as = 'reporting', ...udf } = options
  const { accessKeyId, secretAccessKey, sessionToken } = await stack.identity(as)
  const apiHost = await host()
  const runUdf = createRunUdf({ url: stack.url, isApiHost: (one) => one === apiHost, path })
  const answer = await runUdf({
    udf: {
      name: 'HELLO_UDF',
      handler: 'hello',
      runtimeVersion: '3.11',
      packages: [],
      tokens: [],
      body: await shippedBody(),
      allowedHosts: [apiHost],
      ...udf,
    },
    credentials: { cred: { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) } },
    rows,
  })
  return JSON.parse(answer)
}

test('the shipped body greets with nothing installed: what signs and sends stands in, and the stack verifies it', {
  skip,
}, async () => {
  const names = ['Alice', null, '愛麗絲', `"';\\ \n`]
  assert.deepEqual(await run({ rows: JSON.stringify(names.map((name) => [name])) }), [
    'Hello, Alice',
    'Hello!',
    'Hello, 愛麗絲',
    `Hello, "';\\ \n`,
  ])
})

test('with whatever is installed it greets as well', { skip }, async () => {
  assert.deepEqual(await run({ path: process.env['PATH'] ?? '' }), ['Hello, Alice'])
})

test('the API rejects a caller that is not in the access map, and the query fails with the message of the response', {
  skip,
}, async () => {
  await assert.rejects(
    run({ as: 'stranger' }),
    (error) =>
      error instanceof SnowflakeError &&
      error.code === '100357' &&
      /^Python Interpreter Error:\nValueError: hello failed with status 403: User: \S+ is not authorized to perform: execute-api:Invoke .*\n in function HELLO_UDF with handler hello$/s.test(
        error.message,
      ),
  )
})

test('a host that no network rule has is not reached', { skip }, async () => {
  await assert.rejects(
    run({ allowedHosts: [] }),
    /ConnectionError: \S+ is not served by the local stack, or in no network rule/,
  )
})

test('what the body prints is no answer', { skip }, async () => {
  assert.deepEqual(await run({ body: 'def hello(name):\n  print("[1]")\n  return name' }), ['Alice'])
})

const limits: readonly (readonly [claim: string, order: () => Promise<Parameters<typeof run>[0]>, message: RegExp])[] =
  [
    [
      'without python3',
      async () => ({ path: await temporaryFolder() }),
      /^The local Snowflake does not have a python3 on its PATH, in which HELLO_UDF could run\./,
    ],
    [
      'with a python3 that only says how to install it',
      async () => ({ path: await pathWith('echo "xcode-select: install it" >&2; exit 1') }),
      /does not have a python3 that could run HELLO_UDF: xcode-select: install it\./,
    ],
    [
      'with a package that is not installed and has no stand-in',
      async () => ({
        path: stdout === '' ? await pathWith('echo \'{"missing":"pandas"}\'') : barePythonPath,
        body: 'import pandas',
      }),
      /does not have the Python package pandas, which HELLO_UDF imports \(python3 -m pip install pandas\)\./,
    ],
  ]

for (const [claim, order, message] of limits) {
  test(`${claim} it is the limit of the local Snowflake, which says so`, async () => {
    await assert.rejects(run(await order()), (error) => error instanceof LocalLimitError && message.test(error.message))
  })
}
