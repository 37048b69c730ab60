import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { temporaryFolder } from '../infra/compile.ts'
import { type RunningStack, runningStack } from '../local/running-stack.ts'
import { runSnowgate } from './run-snowgate.ts'

let stack: RunningStack

before(async () => {
  stack = await runningStack()
})
after(() => stack.stop())

const sql = (args: readonly string[], stdin = '') => runSnowgate(['sql', '--stack', stack.url, ...args], { stdin })

test('rows stand under their columns, and every digit is there', async () => {
  const { code, stdout, stderr } = await sql([
    "SELECT 9007199254740993 AS big, 12.30 AS price, 'ü' AS mark, NULL AS none",
  ])
  assert.deepEqual([code, stderr], [0, ''])
  assert.equal(
    stdout,
    [
      'BIG              │ PRICE │ MARK │ NONE',
      '─────────────────┼───────┼──────┼─────',
      '9007199254740993 │ 12.30 │ ü    │ NULL',
      '1 row',
      '',
    ].join('\n'),
  )
})

test('statements come from the command line, from a file and from standard input', async () => {
  const file = join(await temporaryFolder(), 'statements.sql')
  await writeFile(file, 'SELECT 1;\n')
  const fromArgument = await sql(['SELECT 1'])
  assert.equal(fromArgument.stdout, '1\n─\n1\n1 row\n')
  assert.deepEqual(await sql(['-f', file]), fromArgument)
  assert.deepEqual(await sql(['-f', '-'], 'SELECT 1'), fromArgument)
  assert.deepEqual(await sql([], 'SELECT 1'), fromArgument)
})

test("results before a failure are printed, then Snowflake's message, and the exit code is 1", async () => {
  const { code, stdout, stderr } = await sql(['SELECT 1; SELECT nope(1); SELECT 3'])
  assert.equal(code, 1)
  assert.equal(stdout, '1\n─\n1\n1 row\n')
  assert.equal(stderr, '002140 (42601): SQL compilation error:\nUnknown function NOPE\n')
})

test('an unsupported statement is reported as a limit of the local Snowflake', async () => {
  const { code, stderr } = await sql(['SELECT 1 FROM a JOIN b ON TRUE'])
  assert.equal(code, 1)
  assert.match(stderr, /^The local Snowflake does not have .* This is its own limit/)
})

test('--json has results and failure for a program', async () => {
  const { code, stdout } = await sql(['--json', 'SELECT 1 AS one; SELECT nope()'])
  const { results, failure } = JSON.parse(stdout)
  assert.equal(code, 1)
  assert.deepEqual([results[0].columns, results[0].rows], [[{ name: 'ONE', type: 'NUMBER(1,0)' }], [['1']]])
  assert.equal(failure.code, '002140')
})

test('what one command created, the next one finds: the account outlives its sessions', async () => {
  const { apiUrl } = (await (await fetch(`${stack.url}/_snowgate/service`)).json()) as { apiUrl: string }
  const role = 'arn:aws:iam::111111111111:role/snowgate-dev-snowflake'
  const created = await sql([
    `CREATE API INTEGRATION api API_PROVIDER = aws_api_gateway API_AWS_ROLE_ARN = '${role}'
       API_ALLOWED_PREFIXES = ('${apiUrl}/') ENABLED = TRUE`,
  ])
  assert.equal(created.stdout, 'Integration API successfully created.\n')
  const { stdout } = await sql(['DESC INTEGRATION api'])
  assert.match(stdout, /^API_AWS_IAM_USER_ARN +│ String +│ arn:aws:iam::999999999999:user\/abcd-s-example/m)
  assert.match(stdout, /^API_AWS_EXTERNAL_ID +│ String +│ ABC12345_SFCRole=1_[\w+/]{27}=/m)
})

test('an unknown account is rejected with the existing ones', async () => {
  const { code, stderr } = await sql(['--as', 'analytics', 'SELECT 1'])
  assert.equal(code, 1)
  assert.match(stderr, /There is no Snowflake caller "analytics"\. There are: snowflake\./)
})

test('statements and a file at once, or a file that is not there, are mistakes', async () => {
  assert.equal((await sql(['SELECT 1', '-f', 'x.sql'])).code, 2)
  assert.equal((await sql(['-f', '/nonexistent.sql'])).code, 2)
})

test('a web page gets nothing from the stack', async () => {
  for (const path of ['statements', 'identities', 'service']) {
    const method = path === 'statements' ? 'POST' : 'GET'
    const answer = await stack.send({ method, path: `/_snowgate/${path}`, headers: { Origin: 'https://example.org' } })
    assert.deepEqual([answer.status, JSON.parse(answer.body).error.code], [403, 'NOT_LOCAL'])
    const rebound = await stack.send({ method, path: `/_snowgate/${path}`, headers: { Host: 'example.org' } })
    assert.deepEqual([rebound.status, JSON.parse(rebound.body).error.code], [403, 'NOT_LOCAL'])
  }
})
