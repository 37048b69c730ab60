import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { issuerOf } from '../../local/services/sts/index.ts'
import { echo, hello, integration } from '../local/snowflake/engine-with-api.ts'
import {
  accountId,
  accountName,
  newKeyPair,
  roleResource,
  type SnowflakeTestServer,
  serviceUser,
  startSnowflakeTestServer,
} from '../local/snowflake/server/snowflake-test-server.ts'
import { runProgram } from '../run-program.ts'
import { preparePython, pythonBin } from './python-environment.ts'

before(preparePython)

const [first, second, unregistered] = [newKeyPair(), newKeyPair(), newKeyPair()]

const workloadIdentity = (role: string, more = '') =>
  `WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::${accountId}:role/${role}'${more})`

const setupSql = `${serviceUser('probe', 'hello-role')} CREATE ROLE analyst; GRANT ROLE analyst TO USER probe;
  ALTER USER probe SET DEFAULT_ROLE = analyst RSA_PUBLIC_KEY = '${first.publicBody}' RSA_PUBLIC_KEY_2 = '${second.publicBody}';
  CREATE USER tokens TYPE = SERVICE DEFAULT_ROLE = analyst ${workloadIdentity('one/tokens', ` ISSUER = '${issuerOf(accountId)}'`)};
  GRANT ROLE analyst TO USER tokens; ${serviceUser('last', 'last-role')}
  CREATE USER pathed TYPE = SERVICE ${workloadIdentity('service-role/trapped')}; CREATE USER plain TYPE = SERVICE;
  CREATE USER off TYPE = SERVICE DISABLED = TRUE RSA_PUBLIC_KEY = '${first.publicBody}' ${workloadIdentity('off-role')};`

const failure = z.object({ errno: z.number().nullable(), sqlstate: z.string().nullable(), message: z.string() })
const connectorOutput = z.object({
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

/** The credentials in the environment. */
interface Caller {
  readonly role?: string
  readonly path?: string
  readonly allowedActions?: readonly string[]
  readonly durationSeconds?: number
}

const runConnector = async (
  server: SnowflakeTestServer,
  options: object,
  steps: readonly Step[],
  caller: Caller = {},
) => {
  const { role = 'hello-role', path = '/service-role/', ...session } = caller
  const { accessKeyId, secretAccessKey, sessionToken } = server.roleSession(role, { path, ...session })
  const { code, stdout, stderr } = await runProgram(
    join(pythonBin, 'python'),
    [join(import.meta.dirname, 'python', 'connector.py')],
    {
      stdin: JSON.stringify({
        connect: {
          account: accountName,
          host: '127.0.0.1',
          port: server.port,
          protocol: 'http',
          login_timeout: 15,
          platform_detection_timeout_seconds: 0,
          ...options,
        },
        steps,
      }),
      env: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_REGION: 'eu-central-1',
        // Lambda sets it too. boto3 reads only this one, and needs it to assume roles at a custom endpoint.
        AWS_DEFAULT_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL_STS: server.url,
        SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
        SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: '127.0.0.1',
        NO_PROXY: '127.0.0.1',
      },
    },
  )
  assert.equal(code, 0, stderr)
  return connectorOutput.parse(JSON.parse(stdout))
}

const byWorkload = { authenticator: 'WORKLOAD_IDENTITY', workload_identity_provider: 'AWS' }
const byToken = { ...byWorkload, workload_identity_aws_use_outbound_token: true }
const byKeyOf = ({ privateKey }: typeof first, user = 'probe') => ({
  user,
  private_key: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
})
const byKey = byKeyOf(first)
const tokens = { role: 'tokens', path: '/one/', allowedActions: ['sts:GetWebIdentityToken'] }

const probe = `SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_ACCOUNT(), CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME(),
  CURRENT_REGION(), CURRENT_VERSION()`

const logins: readonly {
  readonly name: string
  readonly options: object
  readonly caller?: Caller
  readonly user: string
}[] = [
  { name: 'a workload identity', options: byWorkload, user: 'PROBE' },
  { name: 'a token of STS', options: byToken, caller: tokens, user: 'TOKENS' },
  { name: 'the first key', options: byKey, user: 'PROBE' },
  { name: 'the second key', options: byKeyOf(second), user: 'PROBE' },
]

for (const { name, options, caller, user } of logins) {
  test(`the connector logs in with ${name}, queries its identity and calls an external function`, async () => {
    await using server = await startSnowflakeTestServer({ sql: setupSql + integration + hello() })
    const { role, results } = await runConnector(
      server,
      options,
      [
        { sql: probe },
        { sql: `SELECT hello(name) AS greeting FROM (VALUES (?), ('Bob')) AS t(name)`, binds: ['Alice'] },
      ],
      caller,
    )
    assert.equal(role, 'ANALYST')
    assert.deepEqual(results, [
      {
        names: [
          'CURRENT_USER()',
          'CURRENT_ROLE()',
          'CURRENT_ACCOUNT()',
          'CURRENT_ORGANIZATION_NAME()',
          'CURRENT_ACCOUNT_NAME()',
          'CURRENT_REGION()',
          'CURRENT_VERSION()',
        ],
        rows: [
          [`'${user}'`, "'ANALYST'", "'MYORG-MYACCOUNT'", "'MYORG'", "'MYACCOUNT'", "'AWS_EU_CENTRAL_1'", "'local'"],
        ],
      },
      { names: ['GREETING'], rows: [[`'"Alice"'`], [`'"Bob"'`]] },
    ])
    assert.deepEqual(server.paths.at(-1), 'POST /session')
  })
}

test('the connector logs in with the last of the roles to impersonate', async () => {
  const chained = roleResource('first-role', {
    allowedActions: ['sts:AssumeRole'],
    trustedArns: [roleResource('hello-role').arn],
  })
  const last = roleResource('last-role', { trustedArns: [chained.arn] })
  await using server = await startSnowflakeTestServer({ sql: setupSql, roles: [chained, last] })
  const { results } = await runConnector(
    server,
    { ...byWorkload, workload_identity_impersonation_path: [chained.arn, last.arn] },
    [{ sql: 'SELECT CURRENT_USER() AS who' }],
    { path: '/', allowedActions: ['sts:AssumeRole'] },
  )
  assert.deepEqual(results, [{ names: ['WHO'], rows: [["'LAST'"]] }])
})

test('the connector reads every type', async () => {
  await using server = await startSnowflakeTestServer({ sql: setupSql })
  const { results } = await runConnector(server, byKey, [
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
          '42',
          "Decimal('12.30')",
          '1.5',
          'True',
          "'ü€😀'",
          'None',
          `'{"a":[1]}'`,
          "b'\\xc0\\xff\\xee'",
          'datetime.date(2023, 11, 14)',
          'datetime.time(1, 1, 1, 123000)',
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

test('the connector polls for a query that takes longer than a request', async () => {
  await using server = await startSnowflakeTestServer({
    sql: setupSql + integration + hello(),
    longPollSeconds: 0.2,
    answer: async (received) => {
      await setTimeout(700)
      return echo(received)
    },
  })
  const { results } = await runConnector(server, byKey, [{ sql: `SELECT hello('x') AS greeting` }])
  assert.deepEqual(results, [{ names: ['GREETING'], rows: [[`'"x"'`]] }])
})

test('the connector shows an error with its number and SQL state', async () => {
  await using server = await startSnowflakeTestServer({ sql: setupSql })
  const { results } = await runConnector(server, byKey, [{ sql: 'SELECT 1,' }, { sql: 'SELECT * FROM t' }])
  const [syntax, limit] = results
  assert.ok(syntax && 'errno' in syntax && limit && 'errno' in limit)
  assert.deepEqual([syntax.errno, syntax.sqlstate, limit.errno], [1_003, '42000', 999_999])
})

/** The connector replaces the server's number with its own. */
const connectionFailed = 250_001
const notAccepted = (reason: string) => new RegExp(`The workload identity attestation was not accepted: ${reason}`)
const noUser = (arn: string) =>
  new RegExp(
    `Unable to find an associated Snowflake user for the verified AWS Caller Identity with ARN '${arn.replaceAll(/[:/]/g, '\\$&')}'`,
  )
const jwtInvalid = /JWT token is invalid\. \[[\da-f-]{36}\]/
const notAllowed = /Incoming request with IP\/Token 127\.0\.0\.1 is not allowed to access Snowflake\./
const policies = {
  network: `CREATE NETWORK POLICY p BLOCKED_IP_LIST = ('127.0.0.1'); ALTER USER probe SET NETWORK_POLICY = p;`,
  authentication: `CREATE AUTHENTICATION POLICY a AUTHENTICATION_METHODS = ('KEYPAIR'); ALTER ACCOUNT SET AUTHENTICATION POLICY a;`,
}

const rejectedLogins: readonly {
  readonly name: string
  readonly sql?: string
  /** Seconds that Snowflake's clock is ahead of the connector's. */
  readonly clockAheadSeconds?: number
  readonly isFederationEnabled?: boolean
  readonly options: object
  readonly caller?: Caller
  readonly errno?: number | null
  readonly message: RegExp
  /** Matches the stack's log of the last request. */
  readonly log?: RegExp
}[] = [
  {
    name: 'a role without a user',
    options: byWorkload,
    caller: { role: 'stranger' },
    message: noUser(`arn:aws:sts::${accountId}:assumed-role/stranger/a-function`),
  },
  {
    name: 'a role whose ARN was stored with its path',
    options: byWorkload,
    caller: { role: 'trapped' },
    message: noUser(`arn:aws:sts::${accountId}:assumed-role/trapped/a-function`),
    log: /arn:aws:iam::111111111111:role\/trapped'/,
  },
  {
    name: 'a session that has ended',
    options: byWorkload,
    caller: { durationSeconds: -1 },
    message: notAccepted('ExpiredToken'),
  },
  {
    name: 'a clock sixteen minutes behind',
    clockAheadSeconds: 16 * 60,
    options: byWorkload,
    message: notAccepted('SignatureDoesNotMatch: Signature expired'),
  },
  {
    name: 'a disabled user, with its role',
    options: byWorkload,
    caller: { role: 'off-role' },
    message: /User access disabled\. Contact your local system/,
  },
  { name: 'an address that is not allowed', sql: policies.network, options: byWorkload, message: notAllowed },
  {
    name: 'a workload identity where only key pairs are allowed',
    sql: policies.authentication,
    options: byWorkload,
    message: /Authentication attempt rejected by the current authentication policy\./,
  },
  {
    name: 'a token with federation disabled',
    isFederationEnabled: false,
    options: byToken,
    caller: tokens,
    errno: null,
    message:
      /^An error occurred \(OutboundWebIdentityFederationDisabledException\) when calling the GetWebIdentityToken operation: /,
  },
  {
    name: 'a token for a role without permission',
    options: byToken,
    caller: { ...tokens, allowedActions: [] },
    errno: null,
    message: /^An error occurred \(AccessDenied\) when calling the GetWebIdentityToken operation: User: /,
  },
  {
    name: 'a token for a user without an issuer',
    options: byToken,
    caller: { allowedActions: tokens.allowedActions },
    message: noUser(`arn:aws:iam::${accountId}:role/service-role/hello-role`),
  },
  {
    name: 'a role that was not granted',
    options: { ...byKey, role: 'SYSADMIN' },
    message: /Role 'SYSADMIN' specified in the connect string does not exist or not authorized/,
  },
  {
    name: 'a key that is not registered',
    options: byKeyOf(unregistered),
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH/,
  },
  {
    name: 'a user that does not exist',
    options: byKeyOf(first, 'missing'),
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_USER_IN_ISSUER/,
  },
  {
    name: 'a clock a minute behind',
    clockAheadSeconds: 63,
    options: byKey,
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_(ISSUE|EXPIRATION)_TIME/,
  },
  { name: 'a disabled user, with its key', options: byKeyOf(first, 'off'), message: /User access disabled\./ },
]

test('the connector shows why a login is rejected', async (context) => {
  for (const {
    name,
    sql = '',
    clockAheadSeconds = 0,
    isFederationEnabled = true,
    options,
    caller,
    ...expected
  } of rejectedLogins) {
    await context.test(name, async () => {
      await using server = await startSnowflakeTestServer({ sql: setupSql + sql, isFederationEnabled })
      server.moveClock(clockAheadSeconds)
      const { login } = await runConnector(server, options, [], caller)
      const { errno = connectionFailed, message, log } = expected
      assert.equal(login?.errno, errno)
      assert.match(login?.message ?? '', message)
      const entry = server.entries.at(-1)
      assert.equal(entry?.outcome, 'rejected')
      if (log) assert.match(`${JSON.stringify(entry?.steps)} ${entry?.fix}`, log)
    })
  }
})
