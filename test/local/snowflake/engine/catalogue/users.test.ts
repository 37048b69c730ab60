import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import { LocalLimitError, SnowflakeError } from '../../../../../local/snowflake/engine/snowflake-error.ts'
import { startEngineWithApi } from '../../engine-with-api.ts'

const newKey = (modulusLength = 2_048) => {
  const der = generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'der', type: 'spki' })
  return { body: der.toString('base64'), fingerprint: `SHA256:${createHash('sha256').update(der).digest('base64')}` }
}
const [first, second] = [newKey(), newKey()]
const role = (name: string, more = '') =>
  `WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::111111111111:role/${name}'${more})`
const issuer = 'https://0a1b2c3d-0000-4000-8000-0123456789ab.tokens.sts.global.api.aws'

const describeUser = async (engine: Awaited<ReturnType<typeof startEngineWithApi>>, name: string) =>
  new Map((await engine.rows(`DESC USER ${name}`)).map(([property, value]) => [property, value]))

test('a user is created for a role, described without it, and found by its name', async () => {
  await using engine = await startEngineWithApi()
  const [created] = await engine.run(
    `CREATE USER IF NOT EXISTS svc_lambda ${role('hello-role', `, ISSUER = '${issuer}'`)} TYPE = SERVICE DEFAULT_ROLE = PUBLIC`,
  )
  assert.equal(created?.status, 'User SVC_LAMBDA successfully created.')
  const properties = await describeUser(engine, 'svc_lambda')
  assert.equal(properties.get('HAS_WORKLOAD_IDENTITY'), 'true')
  assert.equal(properties.get('LOGIN_NAME'), 'SVC_LAMBDA')
  assert.equal(properties.get('RSA_PUBLIC_KEY_FP'), 'null')
  assert.doesNotMatch(JSON.stringify([...properties]), /hello-role/)
  const [user] = engine.snowflake.users()
  assert.deepEqual(
    user?.workloadIdentities.map((held) => [held.name, held.identity.name, held.identity.issuer]),
    [['DEFAULT', 'hello-role', issuer]],
  )
  assert.deepEqual([...(user?.roles ?? [])], ['PUBLIC'])
})

test('two keys are valid at once, and either is taken away alone', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(`CREATE USER u TYPE = SERVICE RSA_PUBLIC_KEY = '${first.body}';
    ALTER USER u SET RSA_PUBLIC_KEY_2 = '${second.body}';`)
  const both = await describeUser(engine, 'u')
  assert.equal(both.get('RSA_PUBLIC_KEY_FP'), first.fingerprint)
  assert.equal(both.get('RSA_PUBLIC_KEY_2_FP'), second.fingerprint)
  await engine.run('ALTER USER u UNSET RSA_PUBLIC_KEY')
  const [user] = engine.snowflake.users()
  assert.deepEqual(
    user?.publicKeys.map((key) => key.fingerprint),
    [second.fingerprint],
  )
})

test('a role is a user’s once it was granted, and no longer when the user is another', async () => {
  await using engine = await startEngineWithApi()
  const roles = () => [...(engine.snowflake.users()[0]?.roles ?? [])]
  await engine.run('CREATE USER u; CREATE ROLE r; GRANT ROLE r TO USER u; GRANT ROLE r TO ROLE sysadmin')
  assert.deepEqual(roles(), ['PUBLIC', 'R'])
  await engine.run('GRANT ROLE sysadmin TO USER u; REVOKE ROLE r FROM USER u; REVOKE ROLE public FROM USER u')
  assert.deepEqual(roles(), ['PUBLIC', 'SYSADMIN'])
  await engine.run('CREATE OR REPLACE USER u')
  assert.deepEqual(roles(), ['PUBLIC'])
  await engine.run('DROP USER u')
  assert.deepEqual(engine.snowflake.users(), [])
})

test('SHOW GRANTS TO USER lists the roles, who granted them and when', async () => {
  await using engine = await startEngineWithApi()
  await engine.run('CREATE USER u; CREATE ROLE r; USE ROLE securityadmin; GRANT ROLE r TO USER u')
  const [shown] = await engine.run('SHOW GRANTS TO USER u')
  const [row, ...more] = shown?.rows ?? []
  const columns = shown?.columns.map(({ name }) => name) ?? []
  assert.deepEqual(more, [])
  assert.deepEqual(Object.fromEntries(columns.map((name, at) => [name, row?.[at]])), {
    created_on: '2026-01-15T10:11:12.000Z',
    privilege: 'USAGE',
    granted_on: 'ROLE',
    name: 'R',
    role: 'R',
    granted_to: 'USER',
    grantee_name: 'U',
    grant_option: 'false',
    granted_by: 'SECURITYADMIN',
  })
})

test('what is set is kept when something else is, and UNSET gives the default back', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(`CREATE USER "it's" LOGIN_NAME = 'svc' DEFAULT_WAREHOUSE = wh DEFAULT_NAMESPACE = db.s COMMENT = 'c';
    ALTER USER "it's" SET DISABLED = TRUE; ALTER USER "it's" UNSET COMMENT, DEFAULT_WAREHOUSE;`)
  const [user] = engine.snowflake.users()
  assert.deepEqual(
    [user?.name, user?.loginName, user?.isDisabled, user?.defaultWarehouse, user?.defaultNamespace],
    ["it's", 'SVC', true, undefined, 'DB.S'],
  )
})

const rejectedStatements: readonly { readonly sql: string; readonly message: RegExp; readonly code?: string }[] = [
  {
    sql: `CREATE USER b TYPE = SERVICE ${role('hello-role')}`,
    message:
      /^AWS Authenticator for AWS Account '111111111111' and IAM role 'hello-role' already exists in this Snowflake account\.$/,
  },
  // Of a path its first part is kept, so that two roles under one path cannot both be users.
  {
    sql: `CREATE USER b TYPE = SERVICE ${role('service-role/b')}; CREATE USER c TYPE = SERVICE ${role('service-role/c')}`,
    message: /IAM role 'service-role' already exists/,
  },
  {
    sql: `CREATE USER b TYPE = SERVICE ${role('b', " ISSUER = 'https://sts.amazonaws.com'")}`,
    message:
      /^SQL compilation error:\nInvalid ISSUER property in WORKLOAD_IDENTITY of TYPE 'AWS': 'https:\/\/sts\.amazonaws\.com'\. ISSUER must be a valid AWS STS JWT issuer URL matching the ARN partition\.$/,
    code: '004616',
  },
  { sql: `CREATE USER b ${role('b')}`, message: /WORKLOAD_IDENTITY.*TYPE = SERVICE/ },
  { sql: `CREATE USER b TYPE = SERVICE ${role('')}`, message: /invalid ARN/ },
  { sql: `CREATE USER b TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS)`, message: /invalid ARN/ },
  { sql: `CREATE USER b RSA_PUBLIC_KEY = 'abc'`, message: /RSA key of 2048 bits/ },
  { sql: `CREATE USER b RSA_PUBLIC_KEY = '${newKey(1_024).body}'`, message: /RSA key of 2048 bits/ },
  { sql: `CREATE USER taken`, message: /Object 'TAKEN' already exists/ },
  { sql: `ALTER USER nobody SET DISABLED = TRUE`, message: /User 'NOBODY' does not exist or not authorized/ },
  {
    sql: `GRANT ROLE nothing TO USER taken`,
    message: /Role 'NOTHING' does not exist or not authorized/,
    code: '002003',
  },
  {
    sql: `GRANT ROLE sysadmin TO USER nobody`,
    message: /User 'NOBODY' does not exist or not authorized/,
    code: '002003',
  },
  { sql: `REVOKE ROLE nothing FROM USER taken`, message: /Role 'NOTHING' does not exist or not authorized/ },
  { sql: `SHOW GRANTS TO USER nobody`, message: /User 'NOBODY' does not exist or not authorized/ },
  { sql: `DESC USER nobody`, message: /User 'NOBODY' does not exist or not authorized/ },
  { sql: `SELECT SYSTEM$GET_LOGIN_FAILURE_DETAILS('x')`, message: /does not exist/ },
]

test('what Snowflake would not take of a user is rejected', async (context) => {
  for (const { sql, message, code } of rejectedStatements) {
    await context.test(sql.slice(0, 90), async () => {
      await using engine = await startEngineWithApi()
      await engine.run(`CREATE USER taken TYPE = SERVICE ${role('hello-role')}`)
      await assert.rejects(engine.run(sql), (error) => {
        assert.ok(error instanceof SnowflakeError, String(error))
        assert.match(error.message, message)
        if (code !== undefined) assert.equal(error.code, code)
        return true
      })
    })
  }
})

const limits = [
  `CREATE USER b PASSWORD = 'x'`,
  `CREATE USER b TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = OIDC ISSUER = 'x' SUBJECT = 'y')`,
  `CREATE USER b TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:sts::111111111111:assumed-role/a/b')`,
]

test('what the local Snowflake has not of users, it says so', async (context) => {
  for (const sql of limits) {
    await context.test(sql.slice(0, 90), async () => {
      await using engine = await startEngineWithApi()
      await engine.run('CREATE USER taken')
      await assert.rejects(engine.run(sql), LocalLimitError)
    })
  }
})

test('a user may be altered without being in its own way', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(`CREATE USER u TYPE = SERVICE ${role('a')}; ALTER USER u SET ${role('a')}; CREATE OR REPLACE USER u TYPE = SERVICE ${role('a')};
    ALTER USER u UNSET WORKLOAD_IDENTITY; CREATE USER v TYPE = SERVICE ${role('a')}`)
  assert.equal(engine.snowflake.users().length, 2)
})
