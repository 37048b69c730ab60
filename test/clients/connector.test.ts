import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { issuerOf } from '../../local/sts/index.ts'
import { echo, hello, integration } from '../local/snowflake/world.ts'
import {
  accountId,
  accountName,
  newKeyPair,
  roleOf,
  type Served,
  serviceUser,
  startServed,
} from '../local/snowflake-server/served.ts'
import { runProgram } from '../run-program.ts'
import { preparePython, pythonBin } from './python-environment.ts'

before(preparePython)

const [first, second, foreign] = [newKeyPair(), newKeyPair(), newKeyPair()]

const identity = (role: string, more = '') =>
  `WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::${accountId}:role/${role}'${more})`

const set = `${serviceUser('probe', 'hello-role')} CREATE ROLE analyst; GRANT ROLE analyst TO USER probe;
  ALTER USER probe SET DEFAULT_ROLE = analyst RSA_PUBLIC_KEY = '${first.publicBody}' RSA_PUBLIC_KEY_2 = '${second.publicBody}';
  CREATE USER tokens TYPE = SERVICE DEFAULT_ROLE = analyst ${identity('one/tokens', ` ISSUER = '${issuerOf(accountId)}'`)};
  GRANT ROLE analyst TO USER tokens; ${serviceUser('last', 'last-role')}
  CREATE USER pathed TYPE = SERVICE ${identity('service-role/trapped')}; CREATE USER plain TYPE = SERVICE;
  CREATE USER off TYPE = SERVICE DISABLED = TRUE RSA_PUBLIC_KEY = '${first.publicBody}' ${identity('off-role')};`

const failure = z.object({ errno: z.number().nullable(), sqlstate: z.string().nullable(), message: z.string() })
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

/** Whom the environment names. */
interface Caller {
  readonly role?: string
  readonly path?: string
  readonly may?: readonly string[]
  readonly durationSeconds?: number
}

const runConnector = async (served: Served, how: object, steps: readonly Step[], caller: Caller = {}) => {
  const { role = 'hello-role', path = '/service-role/', ...session } = caller
  const { accessKeyId, secretAccessKey, sessionToken } = served.roleSession(role, { path, ...session })
  const { code, stdout, stderr } = await runProgram(
    join(pythonBin, 'python'),
    [join(import.meta.dirname, 'python', 'connector.py')],
    {
      stdin: JSON.stringify({
        connect: {
          account: accountName,
          host: '127.0.0.1',
          port: served.port,
          protocol: 'http',
          login_timeout: 15,
          platform_detection_timeout_seconds: 0,
          ...how,
        },
        steps,
      }),
      env: {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_REGION: 'eu-central-1',
        // Lambda sets it too. boto3 reads no other, and without it asks an endpoint of one's own for no role.
        AWS_DEFAULT_REGION: 'eu-central-1',
        AWS_ENDPOINT_URL_STS: served.url,
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
const byToken = { ...byWorkload, workload_identity_aws_use_outbound_token: true }
const byKeyOf = ({ privateKey }: typeof first, user = 'probe') => ({
  user,
  private_key: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
})
const byKey = byKeyOf(first)
const tokens = { role: 'tokens', path: '/one/', may: ['sts:GetWebIdentityToken'] }

const probe = `SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_ACCOUNT(), CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME(),
  CURRENT_REGION(), CURRENT_VERSION()`

const logins: readonly {
  readonly name: string
  readonly how: object
  readonly caller?: Caller
  readonly user: string
}[] = [
  { name: 'a workload identity', how: byWorkload, user: 'PROBE' },
  { name: 'a token of STS', how: byToken, caller: tokens, user: 'TOKENS' },
  { name: 'the first key', how: byKey, user: 'PROBE' },
  { name: 'the second key', how: byKeyOf(second), user: 'PROBE' },
]

for (const { name, how, caller, user } of logins) {
  test(`the connector logs in by ${name}, asks who it is and calls an external function`, async () => {
    await using served = await startServed({ sql: set + integration + hello() })
    const { role, results } = await runConnector(
      served,
      how,
      [{ sql: probe }, { sql: `SELECT hello(name) AS said FROM (VALUES (?), ('Bob')) AS t(name)`, binds: ['Alice'] }],
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
      { names: ['SAID'], rows: [[`'"Alice"'`], [`'"Bob"'`]] },
    ])
    assert.deepEqual(served.paths.at(-1), 'POST /session')
  })
}

test('the connector logs in as the last of the roles that it is to assume', async () => {
  const chained = roleOf('first-role', { may: ['sts:AssumeRole'], trusts: [roleOf('hello-role').arn] })
  const last = roleOf('last-role', { trusts: [chained.arn] })
  await using served = await startServed({ sql: set, roles: [chained, last] })
  const { results } = await runConnector(
    served,
    { ...byWorkload, workload_identity_impersonation_path: [chained.arn, last.arn] },
    [{ sql: 'SELECT CURRENT_USER() AS who' }],
    { path: '/', may: ['sts:AssumeRole'] },
  )
  assert.deepEqual(results, [{ names: ['WHO'], rows: [["'LAST'"]] }])
})

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
})

/** Whatever number the server gave, the connector shows its own. */
const connectionFailed = 250_001
const notAccepted = (why: string) => new RegExp(`The workload identity attestation was not accepted: ${why}`)
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

const refused: readonly {
  readonly name: string
  readonly sql?: string
  /** How far the clock of Snowflake is ahead of the connector's. */
  readonly ahead?: number
  readonly isFederationEnabled?: boolean
  readonly how: object
  readonly caller?: Caller
  readonly errno?: number | null
  readonly says: RegExp
  /** The stack's log of the last request says this of it. */
  readonly log?: RegExp
}[] = [
  {
    name: 'a role that is nobody',
    how: byWorkload,
    caller: { role: 'stranger' },
    says: noUser(`arn:aws:sts::${accountId}:assumed-role/stranger/a-function`),
  },
  {
    name: 'a role whose ARN was stored with its path',
    how: byWorkload,
    caller: { role: 'trapped' },
    says: noUser(`arn:aws:sts::${accountId}:assumed-role/trapped/a-function`),
    log: /arn:aws:iam::111111111111:role\/trapped'/,
  },
  {
    name: 'a session that has ended',
    how: byWorkload,
    caller: { durationSeconds: -1 },
    says: notAccepted('ExpiredToken'),
  },
  {
    name: 'a clock sixteen minutes behind',
    ahead: 16 * 60,
    how: byWorkload,
    says: notAccepted('SignatureDoesNotMatch: Signature expired'),
  },
  {
    name: 'a disabled user, by its role',
    how: byWorkload,
    caller: { role: 'off-role' },
    says: /User access disabled\. Contact your local system/,
  },
  { name: 'an address that is not let in', sql: policies.network, how: byWorkload, says: notAllowed },
  {
    name: 'a workload where key pairs alone are let in',
    sql: policies.authentication,
    how: byWorkload,
    says: /Authentication attempt rejected by the current authentication policy\./,
  },
  {
    name: 'a token where federation is off',
    isFederationEnabled: false,
    how: byToken,
    caller: tokens,
    errno: null,
    says: /^An error occurred \(OutboundWebIdentityFederationDisabledException\) when calling the GetWebIdentityToken operation: /,
  },
  {
    name: 'a token for a role that may not have one',
    how: byToken,
    caller: { ...tokens, may: [] },
    errno: null,
    says: /^An error occurred \(AccessDenied\) when calling the GetWebIdentityToken operation: User: /,
  },
  {
    name: 'a token for a user without an issuer',
    how: byToken,
    caller: { may: tokens.may },
    says: noUser(`arn:aws:iam::${accountId}:role/service-role/hello-role`),
  },
  {
    name: 'a role that was not granted',
    how: { ...byKey, role: 'SYSADMIN' },
    says: /Role 'SYSADMIN' specified in the connect string does not exist or not authorized/,
  },
  {
    name: 'a key that is not registered',
    how: byKeyOf(foreign),
    says: jwtInvalid,
    log: /JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH/,
  },
  {
    name: 'a user that is not there',
    how: byKeyOf(first, 'nobody'),
    says: jwtInvalid,
    log: /JWT_TOKEN_INVALID_USER_IN_ISSUER/,
  },
  {
    name: 'a clock a minute behind',
    ahead: 63,
    how: byKey,
    says: jwtInvalid,
    log: /JWT_TOKEN_INVALID_(ISSUE|EXPIRATION)_TIME/,
  },
  { name: 'a disabled user, by its key', how: byKeyOf(first, 'off'), says: /User access disabled\./ },
]

test('the connector shows what a login is refused for', async (context) => {
  for (const { name, sql = '', ahead = 0, isFederationEnabled = true, how, caller, ...expected } of refused) {
    await context.test(name, async () => {
      await using served = await startServed({ sql: set + sql, isFederationEnabled })
      served.moveClock(ahead)
      const { login } = await runConnector(served, how, [], caller)
      const { errno = connectionFailed, says, log } = expected
      assert.equal(login?.errno, errno)
      assert.match(login?.message ?? '', says)
      const entry = served.entries.at(-1)
      assert.equal(entry?.outcome, 'rejected')
      if (log) assert.match(`${JSON.stringify(entry?.steps)} ${entry?.remedy}`, log)
    })
  }
})
