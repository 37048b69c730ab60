import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { CommandFailure } from '../../../cli/command-failure.ts'
import { createLocalStackClient } from '../../../cli/local-stack/local-stack-client.ts'
import { createDriverConnection } from '../../../cli/snowflake/driver-connection.ts'
import { createLocalConnection } from '../../../cli/snowflake/local-connection.ts'
import {
  isMissingObject,
  type SnowflakeConnection,
  StatementRejected,
} from '../../../cli/snowflake/snowflake-connection.ts'
import { temporaryFolder } from '../../infra/compile.ts'
import { type RunningStack, runningStack } from '../../local/running-stack.ts'
import { newKeyPair } from '../../local/snowflake/server/snowflake-test-server.ts'

let stack: RunningStack
let home: string
const { privatePem, publicBody } = newKeyPair()

before(async () => {
  stack = await runningStack()
  home = await temporaryFolder()
  const keyFile = join(home, 'key.p8')
  writeFileSync(keyFile, privatePem, { mode: 0o600 })
  const { hostname, port } = new URL(stack.url)
  const connection = (user: string) => `account = "abc12345"
host = "${hostname}"
port = ${port}
protocol = "http"
user = "${user}"
authenticator = "SNOWFLAKE_JWT"
private_key_file = "${keyFile}"
`
  writeFileSync(
    join(home, 'connections.toml'),
    `[admin]\n${connection('SETS_UP')}role = "ACCOUNTADMIN"\n[nobody]\n${connection('NOBODY')}[bare]\naccount = "abc12345"\n`,
    { mode: 0o600 },
  )
  await local().run(`CREATE USER sets_up TYPE = SERVICE RSA_PUBLIC_KEY = '${publicBody}';
    GRANT ROLE accountadmin TO USER sets_up;`)
})
after(() => stack.stop())

const local = () => createLocalConnection(createLocalStackClient(stack.url))
const logIn = (name: string, print = (_: string) => {}) =>
  createDriverConnection(name, { SNOWFLAKE_HOME: home, NO_PROXY: '127.0.0.1' }, print)

/** Both answer the same, and a script means the same to both. */
const ways: readonly (readonly [name: string, open: () => Promise<SnowflakeConnection>])[] = [
  ['the statements of the stack', async () => local()],
  ['the official driver, with a connection of snow', () => logIn('admin')],
]

for (const [name, open] of ways) {
  test(`${name}: results of a script are texts, in one session`, async () => {
    await using connection = await open()
    const results = await connection.run(`-- first
      SET greeting = 'Hello; ''Alice''';
      SELECT $greeting AS "greeting", 12.30::NUMBER(10,2) AS n, TRUE AS b, NULL AS nothing;
      CREATE ROLE IF NOT EXISTS some_role;`)
    const [, selected, created] = results
    assert.deepEqual(selected, {
      columns: ['greeting', 'N', 'B', 'NOTHING'],
      rows: [["Hello; 'Alice'", '12.30', selected?.rows[0]?.[2], null]],
    })
    assert.match(String(selected?.rows[0]?.[2]), /^true$/i)
    assert.deepEqual(created?.columns, ['status'])
    assert.match(created?.rows[0]?.[0] ?? '', /SOME_ROLE (successfully created|already exists)/)
  })

  test(`${name}: a rejected statement stops the script, with Snowflake's code`, async () => {
    await using connection = await open()
    await assert.rejects(
      connection.run('SELECT 1; DESC INTEGRATION nowhere; CREATE ROLE never;'),
      (error) =>
        error instanceof StatementRejected &&
        isMissingObject(error) &&
        error.code === '002003' &&
        /^Snowflake rejected a statement\. 002003: .*'NOWHERE' does not exist or not authorized/s.test(error.message),
    )
  })
}

test('a failed login has the message of Snowflake and no parameter of the connection', async () => {
  await assert.rejects(
    logIn('nobody'),
    (error) =>
      error instanceof CommandFailure &&
      /^Login with connection nobody failed\. \d+: .*JWT token is invalid.*\nTest it with: snow connection test -c nobody/s.test(
        error.message,
      ) &&
      !error.message.includes('PRIVATE KEY'),
  )
})

test('a missing parameter of a connection is reported', async () => {
  await assert.rejects(
    logIn('bare'),
    (error) => error instanceof CommandFailure && /^Login with connection bare failed\. .*user/is.test(error.message),
  )
})

test('user and account are printed before the login', async () => {
  const lines: string[] = []
  await using _ = await logIn('admin', (line) => lines.push(line))
  assert.deepEqual(lines, ['Logging in to Snowflake with connection admin (SETS_UP, account abc12345) …'])
})
