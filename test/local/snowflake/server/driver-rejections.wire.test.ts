import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectionOptions } from 'snowflake-sdk'
import { issuerOf } from '../../../../local/services/sts/index.ts'
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
  accountName,
  newKeyPair,
  type SnowflakeTestServer,
  serviceUser,
  startSnowflakeTestServer,
} from './snowflake-test-server.ts'

const driver = await loadDriver()
const [first, second, foreign] = [newKeyPair(), newKeyPair(), newKeyPair()]

const role = (name: string, more = '') =>
  `WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::${accountId}:role/${name}'${more})`

const users = `${serviceUser('probe', 'hello-role')} CREATE ROLE analyst; GRANT ROLE analyst TO USER probe;
  ALTER USER probe SET RSA_PUBLIC_KEY = '${first.publicBody}' RSA_PUBLIC_KEY_2 = '${second.publicBody}';
  CREATE USER off TYPE = SERVICE DISABLED = TRUE RSA_PUBLIC_KEY = '${first.publicBody}' ${role('off-role')};
  CREATE USER retired TYPE = SERVICE;
  ALTER USER retired ADD WORKLOAD IDENTITY old TYPE = AWS ARN = 'arn:aws:iam::${accountId}:role/retired-role';
  ALTER USER retired MODIFY WORKLOAD IDENTITY old SET DISABLED = TRUE;
  CREATE USER pathed TYPE = SERVICE ${role('service-role/trapped')}; CREATE USER plain TYPE = SERVICE;
  CREATE USER elsewhere TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::222222222222:role/other');
  CREATE USER tokens TYPE = SERVICE ${role('one/tokens', ` ISSUER = '${issuerOf(accountId)}'`)};
  CREATE USER strange TYPE = SERVICE ${role('two/strange', ` ISSUER = '${issuerOf('222222222222')}'`)};`

const policies = {
  network: `CREATE NETWORK POLICY p ALLOWED_IP_LIST = ('192.0.2.1'); ALTER ACCOUNT SET NETWORK_POLICY = p`,
  keyPairs: `CREATE AUTHENTICATION POLICY a AUTHENTICATION_METHODS = ('KEYPAIR'); ALTER ACCOUNT SET AUTHENTICATION POLICY a`,
  workloads: `CREATE AUTHENTICATION POLICY a AUTHENTICATION_METHODS = ('WORKLOAD_IDENTITY'); ALTER ACCOUNT SET AUTHENTICATION POLICY a`,
}

const tokens = { role: 'tokens', path: '/one/' }

interface LoginCase {
  readonly name: string
  readonly sql?: string
  /** How far the clock of Snowflake is ahead of the driver's. */
  readonly ahead?: number
  readonly isFederationEnabled?: boolean
  readonly options: (server: SnowflakeTestServer) => ConnectionOptions
}

const startServerFor = async ({ sql, ahead = 0, isFederationEnabled = true }: LoginCase) => {
  const server = await startSnowflakeTestServer({ sql: `${users} ${sql ?? ''}`, isFederationEnabled })
  server.moveClock(ahead)
  return server
}

const session = (server: SnowflakeTestServer, change: object = {}) => ({
  ...server.roleSession('hello-role'),
  ...change,
})

const allowedLogins: readonly (LoginCase & { readonly user: string })[] = [
  { name: 'a workload identity', options: (server) => workloadIdentityOptions(server), user: 'PROBE' },
  {
    name: 'a workload identity with a role that was granted',
    options: (server) => ({ ...workloadIdentityOptions(server), role: 'analyst' }),
    user: 'PROBE',
  },
  {
    name: 'an attestation of fourteen minutes ago',
    ahead: 14 * 60,
    options: (server) => workloadIdentityOptions(server),
    user: 'PROBE',
  },
  { name: 'a token of STS', options: (server) => outboundTokenOptions(server, tokens), user: 'TOKENS' },
  { name: 'the first key', options: (server) => keyPairOptions(server, first), user: 'PROBE' },
  { name: 'the second key', options: (server) => keyPairOptions(server, second), user: 'PROBE' },
  {
    name: 'an account in lower case',
    options: (server) => ({ ...keyPairOptions(server, first), account: 'myorg-myaccount' }),
    user: 'PROBE',
  },
  {
    name: 'an account with its region',
    options: (server) => ({ ...keyPairOptions(server, first), account: 'abc12345.eu-central-1' }),
    user: 'PROBE',
  },
  {
    name: 'a clock fifty seconds behind',
    ahead: 50,
    options: (server) => keyPairOptions(server, first),
    user: 'PROBE',
  },
  {
    name: 'a key pair where those alone are allowed',
    sql: policies.keyPairs,
    options: (server) => keyPairOptions(server, first),
    user: 'PROBE',
  },
]

test('the driver logs in by all that is good', async (context) => {
  for (const login of allowedLogins) {
    await context.test(login.name, async () => {
      await using server = await startServerFor(login)
      const connection = await connect(driver, login.options(server))
      assert.deepEqual((await query(connection, 'SELECT CURRENT_USER() AS who')).rows, [{ WHO: login.user }])
      await close(connection)
    })
  }
})

const localCode = '999999'
const notAccepted = (why: string) => new RegExp(`^The workload identity attestation was not accepted: ${why}`)
const noUser = (arn: string) =>
  new RegExp(
    `^Unable to find an associated Snowflake user for the verified AWS Caller Identity with ARN '${arn.replaceAll(/[:/]/g, '\\$&')}'$`,
  )
const ofRole = (name: string) => noUser(`arn:aws:sts::${accountId}:assumed-role/${name}/a-function`)
const jwtInvalid = /^JWT token is invalid\. \[[\da-f-]{36}\]$/
const notAllowed = /^Incoming request with IP\/Token 127\.0\.0\.1 is not allowed to access Snowflake\./
const rejected = /^Authentication attempt rejected by the current authentication policy\.$/
const disabled = /^User access disabled\. Contact your local system administrator\.$/
const notGranted = /^Role 'ACCOUNTADMIN' specified in the connect string does not exist or not authorized\./

interface RejectedLogin extends LoginCase {
  readonly code: unknown
  readonly message: RegExp
  /** The stack's log of the last request says this of it. */
  readonly log?: RegExp
}

const rejectedLogins: readonly RejectedLogin[] = [
  {
    name: 'another secret',
    options: (server) => workloadIdentityOptions(server, { key: session(server, { secretAccessKey: 'guessed' }) }),
    code: localCode,
    message: notAccepted('SignatureDoesNotMatch'),
  },
  {
    name: 'a key that was never given out',
    options: (server) =>
      workloadIdentityOptions(server, { key: session(server, { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' }) }),
    code: localCode,
    message: notAccepted('InvalidClientTokenId'),
  },
  {
    name: 'the token of another session',
    options: (server) =>
      workloadIdentityOptions(server, {
        key: session(server, { sessionToken: server.roleSession('other').sessionToken }),
      }),
    code: localCode,
    message: notAccepted('InvalidClientTokenId'),
  },
  {
    name: 'no session token',
    options: (server) => workloadIdentityOptions(server, { key: session(server, { sessionToken: undefined }) }),
    code: localCode,
    message: notAccepted('InvalidClientTokenId'),
  },
  {
    name: 'a session that has ended',
    options: (server) =>
      workloadIdentityOptions(server, { key: server.roleSession('hello-role', { durationSeconds: -1 }) }),
    code: localCode,
    message: notAccepted('ExpiredToken'),
  },
  {
    name: 'a clock sixteen minutes behind',
    ahead: 16 * 60,
    options: (server) => workloadIdentityOptions(server),
    code: localCode,
    message: notAccepted('SignatureDoesNotMatch: Signature expired'),
  },
  {
    name: 'a clock sixteen minutes ahead',
    ahead: -16 * 60,
    options: (server) => workloadIdentityOptions(server),
    code: localCode,
    message: notAccepted('SignatureDoesNotMatch: Signature not yet current'),
  },
  {
    name: 'a role without a user',
    options: (server) => workloadIdentityOptions(server, { role: 'stranger' }),
    code: localCode,
    message: ofRole('stranger'),
  },
  {
    name: 'a role whose ARN was stored with its path',
    options: (server) => workloadIdentityOptions(server, { role: 'trapped' }),
    code: localCode,
    message: ofRole('trapped'),
    log: /arn:aws:iam::111111111111:role\/trapped'/,
  },
  {
    name: 'a role of that name in another account',
    options: (server) => workloadIdentityOptions(server, { role: 'other' }),
    code: localCode,
    message: ofRole('other'),
  },
  {
    name: 'a disabled user, by its role',
    options: (server) => workloadIdentityOptions(server, { role: 'off-role' }),
    code: '390101',
    message: disabled,
    log: /ALTER USER OFF SET DISABLED = FALSE/,
  },
  {
    name: 'a disabled identity',
    options: (server) => workloadIdentityOptions(server, { role: 'retired-role' }),
    code: localCode,
    message: notAccepted('the workload identity is disabled'),
  },
  {
    name: 'a role that was not granted to a workload',
    options: (server) => ({ ...workloadIdentityOptions(server), role: 'ACCOUNTADMIN' }),
    code: '390189',
    message: notGranted,
    log: /GRANT ROLE ACCOUNTADMIN TO USER PROBE/,
  },
  {
    name: "a workload under another user's name",
    options: (server) => ({ ...workloadIdentityOptions(server), username: 'plain' }),
    code: localCode,
    message: notAccepted('the identity is of another user than the login'),
  },
  {
    name: 'a workload from an address that is not allowed',
    sql: policies.network,
    options: (server) => workloadIdentityOptions(server),
    code: '390422',
    message: notAllowed,
  },
  {
    name: 'a workload where key pairs alone are allowed',
    sql: policies.keyPairs,
    options: (server) => workloadIdentityOptions(server),
    code: '390202',
    message: rejected,
  },
  {
    name: 'a workload of an account that is not there',
    options: (server) => ({ ...workloadIdentityOptions(server), account: 'OTHER-ACCOUNT' }),
    code: 401_002,
    message: /^Request to Snowflake failed\.$/,
  },
  {
    name: 'a workload on behalf of a role that it may not assume',
    options: (server) => ({
      ...workloadIdentityOptions(server),
      workloadIdentityImpersonationPath: [`arn:aws:iam::${accountId}:role/probe-user`],
    }),
    code: undefined,
    message: /is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::/,
  },
  {
    name: 'a token where federation is off',
    isFederationEnabled: false,
    options: (server) => outboundTokenOptions(server, tokens),
    code: undefined,
    message: /^OutboundWebIdentityFederation is disabled\.$/,
  },
  {
    name: 'a token for a role that may not have one',
    options: (server) => outboundTokenOptions(server, { ...tokens, allowedActions: [] }),
    code: undefined,
    message: /is not authorized to perform: sts:GetWebIdentityToken on resource: arn:aws:sts::/,
  },
  {
    name: 'a token for a user without an issuer',
    options: (server) => outboundTokenOptions(server),
    code: localCode,
    message: noUser(`arn:aws:iam::${accountId}:role/service-role/hello-role`),
  },
  {
    name: 'a token for a role whose path the user does not have',
    options: (server) => outboundTokenOptions(server, { role: 'tokens', path: '/three/' }),
    code: localCode,
    message: noUser(`arn:aws:iam::${accountId}:role/three/tokens`),
  },
  {
    name: 'a token for a user with another issuer',
    options: (server) => outboundTokenOptions(server, { role: 'strange', path: '/two/' }),
    code: localCode,
    message: noUser(`arn:aws:iam::${accountId}:role/two/strange`),
  },
  {
    name: 'a key that is not registered',
    options: (server) => keyPairOptions(server, foreign),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH/,
  },
  {
    name: 'a key that was taken away',
    sql: 'ALTER USER probe UNSET RSA_PUBLIC_KEY',
    options: (server) => keyPairOptions(server, first),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH/,
  },
  {
    name: 'a user that is not there',
    options: (server) => keyPairOptions(server, first, 'nobody'),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_USER_IN_ISSUER/,
  },
  {
    name: 'a user without keys',
    options: (server) => keyPairOptions(server, first, 'plain'),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH/,
  },
  {
    name: 'a clock a minute behind',
    ahead: 63,
    options: (server) => keyPairOptions(server, first),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_ISSUE_TIME.*behind the clock/,
  },
  {
    name: 'a clock a minute ahead',
    ahead: -63,
    options: (server) => keyPairOptions(server, first),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_ISSUE_TIME.*ahead of the clock/,
  },
  {
    name: 'a clock minutes behind',
    ahead: 600,
    options: (server) => keyPairOptions(server, first),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_EXPIRATION_TIME/,
  },
  {
    name: 'a disabled user, by its key',
    options: (server) => keyPairOptions(server, first, 'off'),
    code: '390101',
    message: disabled,
  },
  {
    name: 'a role that was not granted, by key',
    options: (server) => ({ ...keyPairOptions(server, first), role: 'ACCOUNTADMIN' }),
    code: '390189',
    message: notGranted,
  },
  {
    name: 'a key from an address that is not allowed',
    sql: policies.network,
    options: (server) => keyPairOptions(server, first),
    code: '390422',
    message: notAllowed,
  },
  {
    name: 'a key where workload identities alone are allowed',
    sql: policies.workloads,
    options: (server) => keyPairOptions(server, first),
    code: '390202',
    message: rejected,
  },
  {
    name: 'a key of an account that is not there',
    options: (server) => ({ ...keyPairOptions(server, first), account: 'OTHER-ACCOUNT' }),
    code: 401_002,
    message: /^Request to Snowflake failed\.$/,
  },
  {
    name: 'a password',
    options: ({ url }) => ({ account: accountName, accessUrl: url, username: 'probe', password: 'guessed' }),
    code: '390100',
    message: /^Incorrect username or password was specified\.$/,
  },
]

test('the driver shows the rejection of a login with its code, and the log what it was', async (context) => {
  for (const login of rejectedLogins) {
    await context.test(login.name, async () => {
      await using server = await startServerFor(login)
      const failure = await failureOf(connect(driver, login.options(server)))
      assert.equal(failure.code, login.code)
      assert.match(failure.message, login.message)
      const entry = server.entries.at(-1)
      assert.equal(entry?.outcome, 'rejected')
      if (login.log) assert.match(`${JSON.stringify(entry?.steps)} ${entry?.fix}`, login.log)
    })
  }
})
