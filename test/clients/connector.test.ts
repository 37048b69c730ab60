import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { echo, hello, integration } from '../local/snowflake/world.ts'
import { accountName, newKeyPair, type Served, serviceUser, startServed } from '../local/snowflake-server/served.ts'
import { runProgram } from '../run-program.ts'
import { preparePython, pythonBin } from './python-environment.ts'

before(preparePython)

const keys = newKeyPair()
const keyBody = keys.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
const set = `${serviceUser('probe', 'hello-role')} CREATE ROLE analyst; GRANT ROLE analyst TO USER probe;
  ALTER USER probe SET DEFAULT_ROLE = analyst RSA_PUBLIC_KEY_2 = '${keys.publicBody}';`

const failure = z.object({ errno: z.number(), sqlstate: z.string().nullable(), message: z.string() })
const printed = z.object({
  login: failure.optional(),
  role: z.string().optional(),
  results: z
    .array(z.union([z.object({ names: z.array(z.string()), rows: z.array(z.array(z.string())) }), failure]))
    .default([]),
})

interface Step {
  readonly sql: string
  readonly binds?: readonly unknown[]
}

const runConnector = async (served: Served, how: object, steps: readonly Step[], role = 'hello-role') => {
  const { accessKeyId, secretAccessKey, sessionToken } = served.roleSession(role, { path: '/service-role/' })
  const { code, stdout, stderr } = await runProgram(
    join(pythonBin, 'python'),
    [join(import.meta.dirname, 'python', 'connector.py')],
    {
      stdin: JSON.stringify({
        connect: {
          ...{ account: accountName, host: '127.0.0.1', port: served.port, protocol: 'http', login_timeout: 15 },
          ...{ platform_detection_timeout_seconds: 0, ...how },
        },
        steps,
      }),
      env: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_REGION: 'eu-central-1',
        SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
        SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: '127.0.0.1',
        NO_PROXY: '127.0.0.1',
      },
    },
  )
  assert.equal(code, 0, stderr)
  return printed.parse(JSON.parse(stdout))
}

const byWorkload = { authenticator: 'WORKLOAD_IDENTITY', workload_identity_provider: 'AWS' }
const byKey = { user: 'probe', private_key: keyBody }

for (const { name, how } of [
  { name: 'a workload identity', how: byWorkload },
  { name: 'a key pair', how: byKey },
]) {
  test(`the connector logs in by ${name}, asks who it is and calls an external function`, async () => {
    await using served = await startServed({ sql: set + integration + hello() })
    const { role, results } = await runConnector(served, how, [
      { sql: 'SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_ACCOUNT()' },
      { sql: `SELECT hello(name) AS said FROM (VALUES (?), ('Bob')) AS t(name)`, binds: ['Alice'] },
    ])
    assert.equal(role, 'ANALYST')
    assert.deepEqual(results, [
      {
        names: ['CURRENT_USER()', 'CURRENT_ROLE()', 'CURRENT_ACCOUNT()'],
        rows: [["'PROBE'", "'ANALYST'", "'MYORG-MYACCOUNT'"]],
      },
      { names: ['SAID'], rows: [[`'"Alice"'`], [`'"Bob"'`]] },
    ])
    assert.deepEqual(served.paths.at(-1), 'POST /session')
  })
}

test('every type arrives as the connector has it', async () => {
  await using served = await startServed({ sql: set })
  const { results } = await runConnector(served, byKey, [
    {
      sql: `SELECT 42, 12.30, 1.5::FLOAT, TRUE, 'ü€😀', NULL, PARSE_JSON('{"a":[1]}'), 'c0ffee'::BINARY, '2023-11-14'::DATE,
        '01:01:01.123'::TIME, '2023-11-14 22:13:20.123456789'::TIMESTAMP_NTZ, '2023-11-14 22:13:20.123 +0100'::TIMESTAMP_TZ,
        '1969-12-31 23:59:59.5'::TIMESTAMP_NTZ, '1969-12-31'::DATE, '2023-11-14 22:13:20.123'::TIMESTAMP_LTZ`,
    },
    { sql: 'SELECT ?, ?, ?, ?', binds: [1, 1.5, true, "it's"] },
  ])
  assert.deepEqual(
    results.map((result) => ('rows' in result ? result.rows : result)),
    [
      [
        [
          ...['42', "Decimal('12.30')", '1.5', 'True', "'ü€😀'", 'None', `'{"a":[1]}'`, "b'\\xc0\\xff\\xee'"],
          ...['datetime.date(2023, 11, 14)', 'datetime.time(1, 1, 1, 123000)'],
          'datetime.datetime(2023, 11, 14, 22, 13, 20, 123456)',
          'datetime.datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=pytz.FixedOffset(60))',
          'datetime.datetime(1969, 12, 31, 23, 59, 59, 500000)',
          'datetime.date(1969, 12, 31)',
          'datetime.datetime(2023, 11, 14, 22, 13, 20, 123000, tzinfo=<UTC>)',
        ],
      ],
      [['1', '1.5', 'True', `"it's"`]],
    ],
  )
})

test('a query that takes longer than a request is held is asked for until it is there', async () => {
  await using served = await startServed({
    sql: set + integration + hello(),
    holdSeconds: 0.2,
    answer: async (received) => {
      await setTimeout(700)
      return echo(received)
    },
  })
  const { results } = await runConnector(served, byKey, [{ sql: `SELECT hello('x') AS said` }])
  assert.deepEqual(results, [{ names: ['SAID'], rows: [[`'"x"'`]] }])
})

test('the connector shows a refusal with its number and state', async () => {
  await using served = await startServed({ sql: set })
  const { results } = await runConnector(served, byKey, [{ sql: 'SELECT 1,' }, { sql: 'SELECT * FROM t' }])
  const [syntax, limit] = results
  assert.ok(syntax && 'errno' in syntax && limit && 'errno' in limit)
  assert.deepEqual([syntax.errno, syntax.sqlstate, limit.errno], [1_003, '42000', 999_999])

  const { login } = await runConnector(served, byWorkload, [], 'stranger')
  assert.match(
    login?.message ?? '',
    /Unable to find an associated Snowflake user for the verified AWS Caller Identity with ARN 'arn:aws:sts::111111111111:assumed-role\/stranger\/a-function'/,
  )
  const { login: role } = await runConnector(served, { ...byKey, role: 'SYSADMIN' }, [])
  assert.match(role?.message ?? '', /Role 'SYSADMIN' specified in the connect string does not exist or not authorized/)
  const other = newKeyPair().privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
  const { login: key } = await runConnector(served, { ...byKey, private_key: other }, [])
  // Whatever number the server gave, the connector shows its own.
  assert.equal(key?.errno, 250_001)
  assert.match(key?.message ?? '', /JWT token is invalid\. \[[\da-f-]{36}\]/)
})
