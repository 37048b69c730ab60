import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectionOptions } from 'snowflake-sdk'
import { issuerOf } from '../../../local/sts/index.ts'
import { asKeyPair, asToken, asWorkload, close, connect, failureOf, loadDriver, query } from './node-driver.ts'
import { accountId, accountName, newKeyPair, type Served, serviceUser, startServed } from './served.ts'

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

interface Login {
  readonly name: string
  readonly sql?: string
  /** How far the clock of Snowflake is ahead of the driver's. */
  readonly ahead?: number
  readonly isFederationEnabled?: boolean
  readonly options: (served: Served) => ConnectionOptions
}

const started = async ({ sql, ahead = 0, isFederationEnabled = true }: Login) => {
  const served = await startServed({ sql: `${users} ${sql ?? ''}`, isFederationEnabled })
  served.moveClock(ahead)
  return served
}

const session = (served: Served, change: object = {}) => ({ ...served.roleSession('hello-role'), ...change })

const good: readonly (Login & { readonly user: string })[] = [
  { name: 'a workload identity', options: (served) => asWorkload(served), user: 'PROBE' },
  {
    name: 'a workload identity with a role that was granted',
    options: (served) => ({ ...asWorkload(served), role: 'analyst' }),
    user: 'PROBE',
  },
  {
    name: 'an attestation of fourteen minutes ago',
    ahead: 14 * 60,
    options: (served) => asWorkload(served),
    user: 'PROBE',
  },
  { name: 'a token of STS', options: (served) => asToken(served, tokens), user: 'TOKENS' },
  { name: 'the first key', options: (served) => asKeyPair(served, first), user: 'PROBE' },
  { name: 'the second key', options: (served) => asKeyPair(served, second), user: 'PROBE' },
  {
    name: 'an account in lower case',
    options: (served) => ({ ...asKeyPair(served, first), account: 'myorg-myaccount' }),
    user: 'PROBE',
  },
  {
    name: 'an account with its region',
    options: (served) => ({ ...asKeyPair(served, first), account: 'abc12345.eu-central-1' }),
    user: 'PROBE',
  },
  { name: 'a clock fifty seconds behind', ahead: 50, options: (served) => asKeyPair(served, first), user: 'PROBE' },
  {
    name: 'a key pair where those alone are let in',
    sql: policies.keyPairs,
    options: (served) => asKeyPair(served, first),
    user: 'PROBE',
  },
]

test('the driver logs in by all that is good', async (context) => {
  for (const login of good) {
    await context.test(login.name, async () => {
      await using served = await started(login)
      const connection = await connect(driver, login.options(served))
      assert.deepEqual((await query(connection, 'SELECT CURRENT_USER() AS who')).rows, [{ WHO: login.user }])
      await close(connection)
    })
  }
})

const own = '999999'
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

interface Refused extends Login {
  readonly code: unknown
  readonly message: RegExp
  /** The stack's log of the last request says this of it. */
  readonly log?: RegExp
}

const refused: readonly Refused[] = [
  {
    name: 'another secret',
    options: (served) => asWorkload(served, { key: session(served, { secretAccessKey: 'guessed' }) }),
    code: own,
    message: notAccepted('SignatureDoesNotMatch'),
  },
  {
    name: 'a key that was never given out',
    options: (served) => asWorkload(served, { key: session(served, { accessKeyId: 'ASIAIOSFODNN7EXAMPLE' }) }),
    code: own,
    message: notAccepted('InvalidClientTokenId'),
  },
  {
    name: 'the token of another session',
    options: (served) =>
      asWorkload(served, { key: session(served, { sessionToken: served.roleSession('other').sessionToken }) }),
    code: own,
    message: notAccepted('InvalidClientTokenId'),
  },
  {
    name: 'no session token',
    options: (served) => asWorkload(served, { key: session(served, { sessionToken: undefined }) }),
    code: own,
    message: notAccepted('InvalidClientTokenId'),
  },
  {
    name: 'a session that has ended',
    options: (served) => asWorkload(served, { key: served.roleSession('hello-role', { durationSeconds: -1 }) }),
    code: own,
    message: notAccepted('ExpiredToken'),
  },
  {
    name: 'a clock sixteen minutes behind',
    ahead: 16 * 60,
    options: (served) => asWorkload(served),
    code: own,
    message: notAccepted('SignatureDoesNotMatch: Signature expired'),
  },
  {
    name: 'a clock sixteen minutes ahead',
    ahead: -16 * 60,
    options: (served) => asWorkload(served),
    code: own,
    message: notAccepted('SignatureDoesNotMatch: Signature not yet current'),
  },
  {
    name: 'a role that is nobody',
    options: (served) => asWorkload(served, { role: 'stranger' }),
    code: own,
    message: ofRole('stranger'),
  },
  {
    name: 'a role whose ARN was stored with its path',
    options: (served) => asWorkload(served, { role: 'trapped' }),
    code: own,
    message: ofRole('trapped'),
    log: /arn:aws:iam::111111111111:role\/trapped'/,
  },
  {
    name: 'a role of that name in another account',
    options: (served) => asWorkload(served, { role: 'other' }),
    code: own,
    message: ofRole('other'),
  },
  {
    name: 'a disabled user, by its role',
    options: (served) => asWorkload(served, { role: 'off-role' }),
    code: '390101',
    message: disabled,
    log: /ALTER USER OFF SET DISABLED = FALSE/,
  },
  {
    name: 'a disabled identity',
    options: (served) => asWorkload(served, { role: 'retired-role' }),
    code: own,
    message: notAccepted('the workload identity is disabled'),
  },
  {
    name: 'a role that was not granted to a workload',
    options: (served) => ({ ...asWorkload(served), role: 'ACCOUNTADMIN' }),
    code: '390189',
    message: notGranted,
    log: /GRANT ROLE ACCOUNTADMIN TO USER PROBE/,
  },
  {
    name: "a workload under another user's name",
    options: (served) => ({ ...asWorkload(served), username: 'plain' }),
    code: own,
    message: notAccepted('the identity is of another user than the login'),
  },
  {
    name: 'a workload from an address that is not let in',
    sql: policies.network,
    options: (served) => asWorkload(served),
    code: '390422',
    message: notAllowed,
  },
  {
    name: 'a workload where key pairs alone are let in',
    sql: policies.keyPairs,
    options: (served) => asWorkload(served),
    code: '390202',
    message: rejected,
  },
  {
    name: 'a workload of an account that is not there',
    options: (served) => ({ ...asWorkload(served), account: 'OTHER-ACCOUNT' }),
    code: 401_002,
    message: /^Request to Snowflake failed\.$/,
  },
  {
    name: 'a workload on behalf of a role that it may not assume',
    options: (served) => ({
      ...asWorkload(served),
      workloadIdentityImpersonationPath: [`arn:aws:iam::${accountId}:role/probe-user`],
    }),
    code: undefined,
    message: /is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::/,
  },
  {
    name: 'a token where federation is off',
    isFederationEnabled: false,
    options: (served) => asToken(served, tokens),
    code: undefined,
    message: /^OutboundWebIdentityFederation is disabled\.$/,
  },
  {
    name: 'a token for a role that may not have one',
    options: (served) => asToken(served, { ...tokens, may: [] }),
    code: undefined,
    message: /is not authorized to perform: sts:GetWebIdentityToken on resource: arn:aws:sts::/,
  },
  {
    name: 'a token for a user without an issuer',
    options: (served) => asToken(served),
    code: own,
    message: noUser(`arn:aws:iam::${accountId}:role/service-role/hello-role`),
  },
  {
    name: 'a token for a role whose path the user does not have',
    options: (served) => asToken(served, { role: 'tokens', path: '/three/' }),
    code: own,
    message: noUser(`arn:aws:iam::${accountId}:role/three/tokens`),
  },
  {
    name: 'a token for a user with another issuer',
    options: (served) => asToken(served, { role: 'strange', path: '/two/' }),
    code: own,
    message: noUser(`arn:aws:iam::${accountId}:role/two/strange`),
  },
  {
    name: 'a key that is not registered',
    options: (served) => asKeyPair(served, foreign),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH/,
  },
  {
    name: 'a key that was taken away',
    sql: 'ALTER USER probe UNSET RSA_PUBLIC_KEY',
    options: (served) => asKeyPair(served, first),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH/,
  },
  {
    name: 'a user that is not there',
    options: (served) => asKeyPair(served, first, 'nobody'),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_USER_IN_ISSUER/,
  },
  {
    name: 'a user without keys',
    options: (served) => asKeyPair(served, first, 'plain'),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_PUBLIC_KEY_FINGERPRINT_MISMATCH/,
  },
  {
    name: 'a clock a minute behind',
    ahead: 63,
    options: (served) => asKeyPair(served, first),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_ISSUE_TIME.*behind the clock/,
  },
  {
    name: 'a clock a minute ahead',
    ahead: -63,
    options: (served) => asKeyPair(served, first),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_ISSUE_TIME.*ahead of the clock/,
  },
  {
    name: 'a clock minutes behind',
    ahead: 600,
    options: (served) => asKeyPair(served, first),
    code: '390144',
    message: jwtInvalid,
    log: /JWT_TOKEN_INVALID_EXPIRATION_TIME/,
  },
  {
    name: 'a disabled user, by its key',
    options: (served) => asKeyPair(served, first, 'off'),
    code: '390101',
    message: disabled,
  },
  {
    name: 'a role that was not granted, by key',
    options: (served) => ({ ...asKeyPair(served, first), role: 'ACCOUNTADMIN' }),
    code: '390189',
    message: notGranted,
  },
  {
    name: 'a key from an address that is not let in',
    sql: policies.network,
    options: (served) => asKeyPair(served, first),
    code: '390422',
    message: notAllowed,
  },
  {
    name: 'a key where workload identities alone are let in',
    sql: policies.workloads,
    options: (served) => asKeyPair(served, first),
    code: '390202',
    message: rejected,
  },
  {
    name: 'a key of an account that is not there',
    options: (served) => ({ ...asKeyPair(served, first), account: 'OTHER-ACCOUNT' }),
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

test('the driver shows the refusal of a login with its code, and the log what it was', async (context) => {
  for (const login of refused) {
    await context.test(login.name, async () => {
      await using served = await started(login)
      const failure = await failureOf(connect(driver, login.options(served)))
      assert.equal(failure.code, login.code)
      assert.match(failure.message, login.message)
      const entry = served.entries.at(-1)
      assert.equal(entry?.outcome, 'refused')
      if (login.log) assert.match(`${JSON.stringify(entry?.steps)} ${entry?.remedy}`, login.log)
    })
  }
})
