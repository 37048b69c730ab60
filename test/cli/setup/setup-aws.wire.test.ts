import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { copyWithCommandLine, temporaryFolder } from '../../infra/compile.ts'
import { newKeyPair } from '../../local/snowflake/server/snowflake-test-server.ts'
import { snowgateOf } from '../run-snowgate.ts'
import { type RecordedStack, startRecordedStack } from './recorded-stack.ts'

const map = `dev:
  callers:
    snowflake:
      routes: [POST /hello, POST /snowflake-probe]
    analytics:
      principals: [arn:aws:iam::222222222222:role/LambdaRoleDeve]
      externalIds: [analytics-1]
      routes: [POST /hello]
  snowflake: { account: myorg-myaccount, login: workload-identity }
`

let snowgate: ReturnType<typeof snowgateOf>
let recordedStack: RecordedStack
let access: string
let env: Readonly<Record<string, string>>

/** A configured stack in place of AWS and Snowflake, for the SDK and for Snowflake's driver. */
before(async () => {
  const folder = await temporaryFolder()
  access = join(folder, 'access.yml')
  writeFileSync(access, map)
  recordedStack = await startRecordedStack(access)
  snowgate = snowgateOf(await copyWithCommandLine())
  const { code, stderr } = await snowgate(['setup', '--yes', '--access', access, '--stack', recordedStack.url])
  assert.equal(code, 0, stderr)

  const { privatePem, publicBody } = newKeyPair()
  writeFileSync(join(folder, 'key.p8'), privatePem, { mode: 0o600 })
  const { hostname, port } = new URL(recordedStack.stack.url)
  writeFileSync(
    join(folder, 'connections.toml'),
    `[work]\naccount = "myorg-myaccount"\nhost = "${hostname}"\nport = ${port}\nprotocol = "http"\nuser = "SETS_UP"
authenticator = "SNOWFLAKE_JWT"\nprivate_key_file = "${join(folder, 'key.p8')}"\n`,
    { mode: 0o600 },
  )
  const created = await snowgate([
    'sql',
    '--stack',
    recordedStack.url,
    `CREATE USER sets_up TYPE = SERVICE RSA_PUBLIC_KEY = '${publicBody}'; GRANT ROLE accountadmin TO USER sets_up`,
  ])
  assert.equal(created.code, 0, created.stderr)
  const { accessKeyId, secretAccessKey } = await recordedStack.stack.identity('admin')
  env = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL: recordedStack.stack.url,
    NO_PROXY: '127.0.0.1',
    SNOWFLAKE_HOME: folder,
  }
  recordedStack.takeRequests()
})
after(() => recordedStack.stop())

const atAws = (...args: string[]) => snowgate(['setup', '--aws', '--access', access, ...args], { env })

test('--aws with a connection checks through the SDK and the official driver, changes nothing and runs the test calls', async () => {
  const before = readFileSync(access, 'utf8')
  const { code, stdout, stderr } = await atAws('--connection', 'work')
  assert.equal(code, 0, stderr)
  assert.match(stderr, /^Logging in to Snowflake with connection work \(SETS_UP, account myorg-myaccount\) …$/m)
  assert.match(
    stderr,
    /^Setting up: caller snowflake, stage dev, account 111111111111 in eu-central-1, as arn:aws:\S+$/m,
  )
  assert.equal(stderr.split('\n').filter((line) => line.startsWith('= ')).length, 6, stderr)
  assert.match(stdout, /^Test call: external function +"Hello, Alice"$/m)
  assert.match(stdout, /^Test call: Snowflake login +\{.*"user": ?"SNOWGATE_DEV_PROBE"/ms)
  assert.match(
    stderr,
    /^· Test call: other account \(analytics\): run with the caller's credentials: npx snowgate call POST https:\S+\/dev\/hello -d '\{"name":"Alice"\}' --profile <profile of analytics> --role-arn \S+:role\/snowgate-dev-analytics --external-id analytics-1$/m,
  )
  assert.equal(readFileSync(access, 'utf8'), before)
  assert.deepEqual(recordedStack.takeRequests(), { statements: [], deployments: 0 })
})

test('a missing object is created again through the driver', async () => {
  const dropped = await snowgate(['sql', '--stack', recordedStack.url, 'DROP FUNCTION snowgate.dev.hello(VARCHAR)'])
  assert.equal(dropped.code, 0, dropped.stderr)
  const { code, stdout, stderr } = await atAws('--connection', 'work', '--yes')
  assert.equal(code, 0, stderr)
  assert.match(
    stderr,
    /^✓ API integration and external functions: ran \d+ statements in the Snowflake account myorg-myaccount$/m,
  )
  assert.match(stdout, /"Hello, Alice"/)
})

test('without a connection the statements are for a worksheet, and the trust of the map is used', async () => {
  const { code, stdout, stderr } = await atAws()
  assert.deepEqual([code, stdout], [0, ''], stderr)
  assert.match(
    stderr,
    /^= Trust in access.yml: arn:aws:iam::999999999999:user\/abcd-s-example \(from the access map\)$/m,
  )
  assert.match(
    stderr,
    /^· Test call: external function: run in a worksheet: SELECT snowgate\.dev\.hello\('Alice'\) AS answer$/m,
  )
})

test('an unknown connection is rejected before anything is checked', async () => {
  const { code, stdout, stderr } = await atAws('--connection', 'nobody')
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /Connection "nobody" does not exist in \S+\nAvailable connections: work\./)
})
