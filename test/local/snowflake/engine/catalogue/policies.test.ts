import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LocalLimitError, SnowflakeError } from '../../../../../local/snowflake/engine/snowflake-error.ts'
import { startEngineWithApi } from '../../engine-with-api.ts'

type EngineWithApi = Awaited<ReturnType<typeof startEngineWithApi>>

/** The last statement's rows, by the names of its columns. */
const rowsByColumn = async (engine: EngineWithApi, sql: string) => {
  const result = (await engine.run(sql)).at(-1)
  return (result?.rows ?? []).map((row) =>
    Object.fromEntries((result?.columns ?? []).map(({ name }, at) => [name, row[at]])),
  )
}

const statusOf = async (engine: EngineWithApi, sql: string) => (await engine.run(sql)).at(-1)?.status
const user = (engine: EngineWithApi, name: string) => engine.snowflake.users().find((held) => held.name === name)

test('a network policy is created, altered, shown and described', async () => {
  await using engine = await startEngineWithApi()
  assert.equal(
    await statusOf(
      engine,
      `CREATE NETWORK POLICY office ALLOWED_IP_LIST = ('192.0.2.0/24', '198.51.100.7') COMMENT = 'why'`,
    ),
    'Network policy OFFICE successfully created.',
  )
  assert.equal(
    await statusOf(engine, `CREATE NETWORK POLICY IF NOT EXISTS office`),
    'OFFICE already exists, statement succeeded.',
  )
  await engine.run(`ALTER NETWORK POLICY office SET BLOCKED_IP_LIST = ('192.0.2.9')`)
  assert.deepEqual(await rowsByColumn(engine, 'SHOW NETWORK POLICIES'), [
    {
      created_on: '2026-01-15T10:11:12.000Z',
      name: 'OFFICE',
      comment: 'why',
      entries_in_allowed_ip_list: '2',
      entries_in_blocked_ip_list: '1',
    },
  ])
  assert.deepEqual(await rowsByColumn(engine, 'DESC NETWORK POLICY office'), [
    { name: 'ALLOWED_IP_LIST', value: '192.0.2.0/24,198.51.100.7' },
    { name: 'BLOCKED_IP_LIST', value: '192.0.2.9' },
  ])
  assert.equal(await statusOf(engine, 'DROP NETWORK POLICY office'), 'OFFICE successfully dropped.')
  assert.deepEqual(await rowsByColumn(engine, 'SHOW NETWORK POLICIES'), [])
})

const parameter = (engine: EngineWithApi, of: string) =>
  rowsByColumn(engine, `SHOW PARAMETERS LIKE 'network_policy' ${of}`).then(([row]) => [row?.['value'], row?.['level']])

test('the network policy that counts is that of the user, and else that of the account', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(`CREATE USER u; CREATE NETWORK POLICY whole ALLOWED_IP_LIST = ('192.0.2.0/24');
    CREATE NETWORK POLICY own ALLOWED_IP_LIST = ('198.51.100.0/24')`)
  const states: readonly { readonly sql: string; readonly account: unknown; readonly own: unknown }[] = [
    { sql: 'SELECT 1', account: ['', ''], own: ['', ''] },
    { sql: 'ALTER ACCOUNT SET NETWORK_POLICY = whole', account: ['WHOLE', 'ACCOUNT'], own: ['WHOLE', 'ACCOUNT'] },
    { sql: `ALTER USER u SET NETWORK_POLICY = 'OWN'`, account: ['WHOLE', 'ACCOUNT'], own: ['OWN', 'USER'] },
    { sql: `ALTER USER u SET COMMENT = 'c'`, account: ['WHOLE', 'ACCOUNT'], own: ['OWN', 'USER'] },
    { sql: 'ALTER ACCOUNT UNSET NETWORK_POLICY', account: ['', ''], own: ['OWN', 'USER'] },
    { sql: 'ALTER USER u UNSET NETWORK_POLICY', account: ['', ''], own: ['', ''] },
    { sql: `ALTER ACCOUNT SET NETWORK_POLICY = 'own'`, account: ['OWN', 'ACCOUNT'], own: ['OWN', 'ACCOUNT'] },
    { sql: 'CREATE OR REPLACE USER u NETWORK_POLICY = whole', account: ['OWN', 'ACCOUNT'], own: ['WHOLE', 'USER'] },
    { sql: 'CREATE OR REPLACE USER u', account: ['OWN', 'ACCOUNT'], own: ['OWN', 'ACCOUNT'] },
  ]
  for (const { sql, account, own } of states) {
    await engine.run(sql)
    assert.deepEqual([await parameter(engine, 'IN ACCOUNT'), await parameter(engine, 'IN USER u')], [account, own], sql)
  }
  assert.deepEqual(user(engine, 'U')?.networkPolicy?.ALLOWED_IP_LIST, ['198.51.100.0/24'])
})

test('an attached policy cannot be dropped, and the error names its user', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(`CREATE USER u; CREATE NETWORK POLICY p ALLOWED_IP_LIST = ('192.0.2.1'); CREATE AUTHENTICATION POLICY a;
    ALTER USER u SET NETWORK_POLICY = p; ALTER ACCOUNT SET AUTHENTICATION POLICY a`)
  const drops = [
    {
      sql: 'DROP NETWORK POLICY p',
      message:
        'Cannot perform Drop operation on network policy P. The policy is attached to USER with name U. Unset the network policy from USER and try the Drop operation again.',
    },
    {
      sql: 'DROP AUTHENTICATION POLICY a',
      message:
        'Cannot perform Drop operation on authentication policy A. The policy is attached to ACCOUNT. Unset the authentication policy from ACCOUNT and try the Drop operation again.',
    },
  ]
  for (const { sql, message } of drops)
    await assert.rejects(engine.run(sql), (error: SnowflakeError) => {
      assert.deepEqual([error.message, error.code], [`SQL compilation error:\n${message}`, '001492'])
      return true
    })
  await engine.run(`DROP USER u; DROP NETWORK POLICY p; ALTER ACCOUNT UNSET AUTHENTICATION POLICY;
    DROP AUTHENTICATION POLICY a`)
})

test('an authentication policy is described with what it lets in, and shown on who has it', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(`CREATE USER u; CREATE USER v;
    CREATE AUTHENTICATION POLICY services AUTHENTICATION_METHODS = ('WORKLOAD_IDENTITY')
      WORKLOAD_IDENTITY_POLICY = (ALLOWED_PROVIDERS = (AWS) ALLOWED_AWS_ACCOUNTS = ('111111111111'));
    ALTER AUTHENTICATION POLICY services SET COMMENT = 'only those'; CREATE AUTHENTICATION POLICY people;
    ALTER ACCOUNT SET AUTHENTICATION POLICY people; ALTER USER u SET AUTHENTICATION POLICY = services FORCE`)
  const described = await rowsByColumn(engine, 'DESC AUTHENTICATION POLICY services')
  assert.deepEqual(Object.fromEntries(described.map(({ property, value }) => [property, value])), {
    NAME: 'SERVICES',
    COMMENT: 'only those',
    AUTHENTICATION_METHODS: '[WORKLOAD_IDENTITY]',
    WORKLOAD_IDENTITY_POLICY:
      '{"ALLOWED_PROVIDERS":["AWS"],"ALLOWED_AWS_ACCOUNTS":["111111111111"],"ALLOWED_AWS_PARTITIONS":["ALL"]}',
  })
  const names = (sql: string) => rowsByColumn(engine, sql).then((rows) => rows.map((row) => row['name']))
  assert.deepEqual(await names('SHOW AUTHENTICATION POLICIES'), ['SERVICES', 'PEOPLE'])
  assert.deepEqual(await names('SHOW AUTHENTICATION POLICIES ON USER u'), ['SERVICES'])
  assert.deepEqual(await names('SHOW AUTHENTICATION POLICIES ON USER v'), [])
  assert.deepEqual(await names('SHOW AUTHENTICATION POLICIES ON ACCOUNT'), ['PEOPLE'])
  assert.deepEqual(user(engine, 'U')?.authenticationPolicy?.AUTHENTICATION_METHODS, ['WORKLOAD_IDENTITY'])
  assert.deepEqual(user(engine, 'V')?.authenticationPolicy?.AUTHENTICATION_METHODS, ['ALL'])
  await engine.run(
    'ALTER USER u UNSET AUTHENTICATION POLICY; ALTER USER IF EXISTS w SET AUTHENTICATION POLICY services',
  )
  assert.deepEqual(await names('SHOW AUTHENTICATION POLICIES ON USER u'), [])
})

const ofPolicies = `CREATE USER u; CREATE NETWORK POLICY p; CREATE AUTHENTICATION POLICY a;`

const rejectedStatements: readonly {
  readonly sql: string
  readonly message: RegExp
  readonly code?: string
  readonly limit?: true
}[] = [
  { sql: `CREATE NETWORK POLICY p`, message: /Object 'P' already exists/ },
  ...['192.0.2.0/33', '192.0.2', '192.0.2.1/24/3', '2001:db8::1', 'example.com', '192.0.2.1/x'].map((range) => ({
    sql: `CREATE NETWORK POLICY q ALLOWED_IP_LIST = ('${range}')`,
    message: /IPv4 addresses, and ranges such as 192\.0\.2\.0\/24/,
  })),
  { sql: `ALTER NETWORK POLICY p SET BLOCKED_IP_LIST = ('0/0')`, message: /IPv4 addresses/ },
  {
    sql: `ALTER USER u SET NETWORK_POLICY = q`,
    message: /Network policy 'Q' does not exist or not auth/,
    code: '002003',
  },
  { sql: `CREATE USER v NETWORK_POLICY = q`, message: /Network policy 'Q' does not exist or not authorized/ },
  { sql: `ALTER ACCOUNT SET NETWORK_POLICY = q`, message: /Network policy 'Q' does not exist or not authorized/ },
  { sql: `ALTER USER nobody SET AUTHENTICATION POLICY a`, message: /User 'NOBODY' does not exist or not authorized/ },
  { sql: `ALTER USER u SET AUTHENTICATION POLICY b`, message: /Authentication policy 'B' does not exist or not auth/ },
  { sql: `DESC NETWORK POLICY q`, message: /Network policy 'Q' does not exist or not authorized/ },
  { sql: `SHOW NETWORK POLICIES ON USER nobody`, message: /User 'NOBODY' does not exist or not authorized/ },
  { sql: `SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN USER nobody`, message: /User 'NOBODY' does not exist or not auth/ },
  {
    sql: `CREATE AUTHENTICATION POLICY b AUTHENTICATION_METHODS = ('TELEPATHY')`,
    message: /AUTHENTICATION_METHODS/,
    limit: true,
  },
  {
    sql: `CREATE NETWORK POLICY q ALLOWED_NETWORK_RULE_LIST = ('r')`,
    message: /ALLOWED_NETWORK_RULE_LIST/,
    limit: true,
  },
  { sql: `CREATE AUTHENTICATION POLICY b CLIENT_TYPES = ('DRIVERS')`, message: /CLIENT_TYPES/, limit: true },
  { sql: `ALTER ACCOUNT SET TIMEZONE = 'UTC'`, message: /ALTER ACCOUNT SET TIMEZONE/, limit: true },
  { sql: `ALTER ACCOUNT UNSET TIMEZONE`, message: /ALTER ACCOUNT UNSET TIMEZONE/, limit: true },
  { sql: `SHOW PARAMETERS IN ACCOUNT`, message: /SHOW PARAMETERS other than/, limit: true },
]

test('what Snowflake would not take of a policy is rejected, and what the local one does not have is named', async (context) => {
  for (const { sql, message, code, limit } of rejectedStatements) {
    await context.test(sql, async () => {
      await using engine = await startEngineWithApi()
      await engine.run(ofPolicies)
      await assert.rejects(engine.run(sql), (error) => {
        assert.ok(error instanceof (limit ? LocalLimitError : SnowflakeError), String(error))
        assert.match(error.message, message)
        if (code !== undefined) assert.equal('code' in error && error.code, code)
        return true
      })
    })
  }
})
