import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { issuerOf } from '../../../../local/services/sts/index.ts'
import { hello, integration } from '../engine-with-api.ts'
import {
  close,
  connect,
  failureOf,
  keyPairOptions,
  loadDriver,
  outboundTokenOptions,
  query,
  workloadIdentityOptions,
} from './node-driver.ts'
import {
  accountId,
  newKeyPair,
  roleResource,
  type SnowflakeTestServer,
  serviceUser,
  startSnowflakeTestServer,
} from './snowflake-test-server.ts'

const driver = await loadDriver()
const keys = newKeyPair()

const users = `${serviceUser('probe', 'hello-role')} CREATE ROLE analyst; GRANT ROLE analyst TO USER probe;
  ALTER USER probe SET DEFAULT_ROLE = analyst DEFAULT_WAREHOUSE = wh RSA_PUBLIC_KEY = '${keys.publicBody}';`

const probe = `SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_ACCOUNT(), CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME(),
  CURRENT_REGION(), CURRENT_VERSION(), CURRENT_WAREHOUSE()`

for (const { name, options } of [
  { name: 'a workload identity', options: (server: SnowflakeTestServer) => workloadIdentityOptions(server) },
  { name: 'a key pair', options: (server: SnowflakeTestServer) => keyPairOptions(server, keys) },
]) {
  test(`the driver logs in by ${name}, and asks who it is`, async () => {
    await using server = await startSnowflakeTestServer({ sql: users })
    const connection = await connect(driver, options(server))
    const { rows, statement } = await query(connection, probe)
    assert.deepEqual(rows, [
      {
        'CURRENT_USER()': 'PROBE',
        'CURRENT_ROLE()': 'ANALYST',
        'CURRENT_ACCOUNT()': 'MYORG-MYACCOUNT',
        'CURRENT_ORGANIZATION_NAME()': 'MYORG',
        'CURRENT_ACCOUNT_NAME()': 'MYACCOUNT',
        'CURRENT_REGION()': 'AWS_EU_CENTRAL_1',
        'CURRENT_VERSION()': 'local',
        'CURRENT_WAREHOUSE()': 'WH',
      },
    ])
    assert.match(statement.getQueryId(), /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/)
    assert.equal(await connection.isValidAsync(), true)
    await close(connection)
    assert.deepEqual(server.paths, [
      'POST /session/v1/login-request',
      'POST /queries/v1/query-request',
      'POST /session/heartbeat',
      'POST /session',
    ])
    assert.equal(server.entries[0]?.outcome, 'allowed')
  })
}

const tokenUser = `CREATE USER tokens TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS
  ARN = 'arn:aws:iam::${accountId}:role/service-role/tokens' ISSUER = '${issuerOf(accountId)}')`

test('the driver logs in by the token that STS gives it', async () => {
  await using server = await startSnowflakeTestServer({ sql: tokenUser })
  const connection = await connect(driver, outboundTokenOptions(server, { role: 'tokens' }))
  assert.deepEqual((await query(connection, 'SELECT CURRENT_USER() AS who')).rows, [{ WHO: 'TOKENS' }])
  assert.deepEqual(server.paths.slice(0, 2), ['POST /', 'POST /session/v1/login-request'])
  await close(connection)
})

test('the driver logs in as the last of the roles that it is to assume', async () => {
  const first = roleResource('first-role', {
    allowedActions: ['sts:AssumeRole'],
    trustedArns: [roleResource('hello-role').arn],
  })
  const last = roleResource('last-role', { trustedArns: [first.arn] })
  await using server = await startSnowflakeTestServer({ sql: serviceUser('last', 'last-role'), roles: [first, last] })
  const connection = await connect(driver, {
    ...workloadIdentityOptions(server, { path: '/', allowedActions: ['sts:AssumeRole'] }),
    workloadIdentityImpersonationPath: [first.arn, last.arn],
  })
  assert.deepEqual((await query(connection, 'SELECT CURRENT_USER() AS who')).rows, [{ WHO: 'LAST' }])
  assert.deepEqual(server.paths.slice(0, 3), ['POST /', 'POST /', 'POST /session/v1/login-request'])
  await close(connection)
})

test('a result of many rows arrives whole', async () => {
  await using server = await startSnowflakeTestServer({ sql: users })
  const connection = await connect(driver, keyPairOptions(server, keys))
  const { rows } = await query(connection, 'SELECT SEQ4() AS n FROM TABLE(GENERATOR(ROWCOUNT => 50000))')
  assert.deepEqual([rows.length, rows.at(-1)], [50_000, { N: 49_999 }])
  await close(connection)
})

test('the driver calls an external function, with binds', async () => {
  await using server = await startSnowflakeTestServer({ sql: users + integration + hello() })
  const connection = await connect(driver, workloadIdentityOptions(server))
  const { rows } = await query(
    connection,
    `SELECT hello(name) AS said, :2 + 1 AS n FROM (VALUES (?), ('Bob')) AS t(name)`,
    ['Ali"ce', 41],
  )
  assert.deepEqual(rows, [
    { SAID: 'Ali"ce', N: 42 },
    { SAID: 'Bob', N: 42 },
  ])
  assert.equal(server.engine.received.length, 1)
  await close(connection)
})

test('every type arrives as the driver has it', async () => {
  await using server = await startSnowflakeTestServer({ sql: users })
  const connection = await connect(driver, keyPairOptions(server, keys))
  const { rows, statement } = await query(
    connection,
    `SELECT 42 AS n, 12.30 AS d, 1.5::FLOAT AS f, TRUE AS t, FALSE AS f2, 'ü€😀' AS s, NULL AS nothing,
      PARSE_JSON('{"a":[1,{"b":null}]}') AS v, ARRAY_CONSTRUCT(1, 'x') AS a, 'c0ffee'::BINARY AS b,
      '2023-11-14'::DATE AS day, '01:01:01.123'::TIME AS clock, '2023-11-14 22:13:20.123456789'::TIMESTAMP_NTZ AS ntz,
      '2023-11-14 22:13:20.123 +0100'::TIMESTAMP_TZ AS tz, '1969-12-31 23:59:59.5'::TIMESTAMP_NTZ AS before,
      '2023-11-14 22:13:20.123'::TIMESTAMP_LTZ AS ltz, '1969-12-31'::DATE AS day_before`,
  )
  const [row = {}] = rows
  const { TZ: tz, NTZ: ntz, LTZ: ltz, DAY: day, BEFORE: before, DAY_BEFORE: dayBefore, B: binary, ...plain } = row
  assert.deepEqual(plain, {
    N: 42,
    D: 12.3,
    F: 1.5,
    T: true,
    F2: false,
    S: 'ü€😀',
    NOTHING: null,
    V: { a: [1, { b: null }] },
    A: [1, 'x'],
    CLOCK: '01:01:01',
  })
  const instant = (value: unknown) => new Date(value instanceof Date ? value : String(value)).toISOString()
  assert.equal(instant(tz), '2023-11-14T21:13:20.123Z')
  assert.equal(instant(ntz), '2023-11-14T22:13:20.123Z')
  assert.equal(instant(ltz), '2023-11-14T22:13:20.123Z')
  assert.equal(instant(day), '2023-11-14T00:00:00.000Z')
  assert.equal(instant(before), '1969-12-31T23:59:59.500Z')
  assert.equal(instant(dayBefore), '1969-12-31T00:00:00.000Z')
  assert.deepEqual(JSON.parse(JSON.stringify([ltz, ntz, tz, day])), [
    '2023-11-14 22:13:20.123 +0000',
    '2023-11-14 22:13:20.123',
    '2023-11-14 22:13:20.123 +0100',
    '2023-11-14',
  ])
  assert.ok(Buffer.isBuffer(binary))
  assert.equal(binary.toString('hex'), 'c0ffee')
  const second = statement.getColumns()?.[1]
  assert.deepEqual([second?.getName(), second?.getType(), second?.getScale()], ['D', 'fixed', 2])
  await close(connection)
})

test('the driver polls for the result of a query that takes longer than one request', async () => {
  await using server = await startSnowflakeTestServer({
    sql: users + integration + hello(),
    longPollSeconds: 0.2,
    answer: async () => {
      await setTimeout(700)
      return { body: '{"data":[[0,"late"]]}' }
    },
  })
  const connection = await connect(driver, keyPairOptions(server, keys))
  const { rows } = await query(connection, `SELECT hello('x') AS said`)
  assert.deepEqual(rows, [{ SAID: 'late' }])
  assert.equal(server.engine.received.length, 1)
  const polls = server.paths.filter((path) => /^GET \/queries\/[\da-f-]{36}\/result$/.test(path))
  assert.ok(polls.length >= 2, server.paths.join('\n'))
  await close(connection)
})

test('a statement sent to run on its own is fetched by its id', async () => {
  await using server = await startSnowflakeTestServer({ sql: users + integration + hello() })
  const connection = await connect(driver, keyPairOptions(server, keys))
  const queryId = await new Promise<string>((resolve, reject) => {
    connection.execute({
      sqlText: `SELECT hello('x') AS said`,
      asyncExec: true,
      complete: (error, statement) => (error ? reject(error) : resolve(statement.getQueryId())),
    })
  })
  const rows: unknown[] = []
  const statement = await connection.getResultsFromQueryId({ queryId, sqlText: '' })
  for await (const row of statement.streamRows()) rows.push(row)
  assert.deepEqual(rows, [{ SAID: 'x' }])
  assert.equal(await connection.getQueryStatus(queryId), 'SUCCESS')
  await close(connection)
})

test('a statement that is cancelled ends at once, and as cancelled', async () => {
  await using server = await startSnowflakeTestServer({
    sql: users + integration + hello(),
    answer: async () => {
      await setTimeout(5_000, undefined, { ref: false })
      return { body: '{"data":[[0,"late"]]}' }
    },
  })
  const connection = await connect(driver, keyPairOptions(server, keys))
  const failure = await failureOf(
    new Promise((resolve, reject) => {
      const statement = connection.execute({
        sqlText: `SELECT hello('x')`,
        complete: (error) => (error ? reject(error) : resolve(undefined)),
      })
      void setTimeout(300).then(() => statement.cancel())
    }),
  )
  assert.deepEqual(failure, { code: '000604', message: 'SQL execution canceled', sqlState: '57014' })
  await close(connection)
})

test('a session whose token has expired is renewed without a word, and one whose master has is not', async () => {
  await using server = await startSnowflakeTestServer({
    sql: users,
    lifetimes: { sessionSeconds: 3_600, masterSeconds: 14_400 },
  })
  const connection = await connect(driver, keyPairOptions(server, keys))
  server.moveClock(3_601)
  assert.equal((await query(connection, 'SELECT 1 AS n')).rows.length, 1)
  assert.ok(server.paths.includes('POST /session/token-request'))
  server.moveClock(14_401)
  assert.equal((await failureOf(query(connection, 'SELECT 1'))).code, 407002)
})

const sqlFailures = [
  {
    sql: 'SELECT 1 FRM x y',
    code: '001003',
    sqlState: '42000',
    message: /^SQL compilation error:\nsyntax error line 1 /,
  },
  { sql: 'SELECT nothing_of_that(1)', code: '002140', sqlState: '42601', message: /Unknown function NOTHING_OF_THAT/ },
  { sql: 'SELECT * FROM t', code: '999999', sqlState: 'XX000', message: /^The local Snowflake does not have tables/ },
  { sql: 'SELECT 1; SELECT 2', code: '999999', sqlState: 'XX000', message: /several statements in one request/ },
  { sql: '', code: '001003', sqlState: '42000', message: /unexpected '<EOF>'/ },
  { sql: 'SELECT ?', code: '999999', sqlState: 'XX000', message: /Bind variable :1 not set/ },
]

test('a statement that fails has its code, its state and its words', async (context) => {
  await using server = await startSnowflakeTestServer({ sql: users })
  const connection = await connect(driver, keyPairOptions(server, keys))
  for (const { sql, message, ...codes } of sqlFailures) {
    await context.test(sql || 'no text', async () => {
      const { message: errorMessage, ...known } = await failureOf(query(connection, sql))
      assert.deepEqual(known, codes)
      assert.match(errorMessage, message)
    })
  }
  await close(connection)
})
