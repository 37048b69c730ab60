import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LocalLimit, SnowflakeError } from '../../../local/snowflake/index.ts'
import { startWorld } from './world.ts'

type World = Awaited<ReturnType<typeof startWorld>>

/** The last statement's rows, by the names of its columns. */
const shown = async (world: World, sql: string) => {
  const result = (await world.run(sql)).at(-1)
  return (result?.rows ?? []).map((row) =>
    Object.fromEntries((result?.columns ?? []).map(({ name }, at) => [name, row[at]])),
  )
}

const statusOf = async (world: World, sql: string) => (await world.run(sql)).at(-1)?.status
const user = (world: World, name: string) => world.snowflake.users().find((held) => held.name === name)

test('a network policy is created, altered, shown and described', async () => {
  await using world = await startWorld()
  assert.equal(
    await statusOf(
      world,
      `CREATE NETWORK POLICY office ALLOWED_IP_LIST = ('192.0.2.0/24', '198.51.100.7') COMMENT = 'why'`,
    ),
    'Network policy OFFICE successfully created.',
  )
  assert.equal(
    await statusOf(world, `CREATE NETWORK POLICY IF NOT EXISTS office`),
    'OFFICE already exists, statement succeeded.',
  )
  await world.run(`ALTER NETWORK POLICY office SET BLOCKED_IP_LIST = ('192.0.2.9')`)
  assert.deepEqual(await shown(world, 'SHOW NETWORK POLICIES'), [
    {
      created_on: '2026-01-15T10:11:12.000Z',
      name: 'OFFICE',
      comment: 'why',
      entries_in_allowed_ip_list: '2',
      entries_in_blocked_ip_list: '1',
    },
  ])
  assert.deepEqual(await shown(world, 'DESC NETWORK POLICY office'), [
    { name: 'ALLOWED_IP_LIST', value: '192.0.2.0/24,198.51.100.7' },
    { name: 'BLOCKED_IP_LIST', value: '192.0.2.9' },
  ])
  assert.equal(await statusOf(world, 'DROP NETWORK POLICY office'), 'OFFICE successfully dropped.')
  assert.deepEqual(await shown(world, 'SHOW NETWORK POLICIES'), [])
})

const parameter = (world: World, of: string) =>
  shown(world, `SHOW PARAMETERS LIKE 'network_policy' ${of}`).then(([row]) => [row?.['value'], row?.['level']])

test('the network policy that counts is that of the user, and else that of the account', async () => {
  await using world = await startWorld()
  await world.run(`CREATE USER u; CREATE NETWORK POLICY whole ALLOWED_IP_LIST = ('192.0.2.0/24');
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
    await world.run(sql)
    assert.deepEqual([await parameter(world, 'IN ACCOUNT'), await parameter(world, 'IN USER u')], [account, own], sql)
  }
  assert.deepEqual(user(world, 'U')?.networkPolicy?.ALLOWED_IP_LIST, ['198.51.100.0/24'])
})

test('a policy that somebody has is not dropped, and says who has it', async () => {
  await using world = await startWorld()
  await world.run(`CREATE USER u; CREATE NETWORK POLICY p ALLOWED_IP_LIST = ('192.0.2.1'); CREATE AUTHENTICATION POLICY a;
    ALTER USER u SET NETWORK_POLICY = p; ALTER ACCOUNT SET AUTHENTICATION POLICY a`)
  const drops = [
    {
      sql: 'DROP NETWORK POLICY p',
      says: 'Cannot perform Drop operation on network policy P. The policy is attached to USER with name U. Unset the network policy from USER and try the Drop operation again.',
    },
    {
      sql: 'DROP AUTHENTICATION POLICY a',
      says: 'Cannot perform Drop operation on authentication policy A. The policy is attached to ACCOUNT. Unset the authentication policy from ACCOUNT and try the Drop operation again.',
    },
  ]
  for (const { sql, says } of drops)
    await assert.rejects(world.run(sql), (error: SnowflakeError) => {
      assert.deepEqual([error.message, error.code], [`SQL compilation error:\n${says}`, '001492'])
      return true
    })
  await world.run(`DROP USER u; DROP NETWORK POLICY p; ALTER ACCOUNT UNSET AUTHENTICATION POLICY;
    DROP AUTHENTICATION POLICY a`)
})

test('an authentication policy is described with what it lets in, and shown on who has it', async () => {
  await using world = await startWorld()
  await world.run(`CREATE USER u; CREATE USER v;
    CREATE AUTHENTICATION POLICY services AUTHENTICATION_METHODS = ('WORKLOAD_IDENTITY')
      WORKLOAD_IDENTITY_POLICY = (ALLOWED_PROVIDERS = (AWS) ALLOWED_AWS_ACCOUNTS = ('111111111111'));
    ALTER AUTHENTICATION POLICY services SET COMMENT = 'only those'; CREATE AUTHENTICATION POLICY people;
    ALTER ACCOUNT SET AUTHENTICATION POLICY people; ALTER USER u SET AUTHENTICATION POLICY = services FORCE`)
  const described = await shown(world, 'DESC AUTHENTICATION POLICY services')
  assert.deepEqual(Object.fromEntries(described.map(({ property, value }) => [property, value])), {
    NAME: 'SERVICES',
    COMMENT: 'only those',
    AUTHENTICATION_METHODS: '[WORKLOAD_IDENTITY]',
    WORKLOAD_IDENTITY_POLICY:
      '{"ALLOWED_PROVIDERS":["AWS"],"ALLOWED_AWS_ACCOUNTS":["111111111111"],"ALLOWED_AWS_PARTITIONS":["ALL"]}',
  })
  const names = (sql: string) => shown(world, sql).then((rows) => rows.map((row) => row['name']))
  assert.deepEqual(await names('SHOW AUTHENTICATION POLICIES'), ['SERVICES', 'PEOPLE'])
  assert.deepEqual(await names('SHOW AUTHENTICATION POLICIES ON USER u'), ['SERVICES'])
  assert.deepEqual(await names('SHOW AUTHENTICATION POLICIES ON USER v'), [])
  assert.deepEqual(await names('SHOW AUTHENTICATION POLICIES ON ACCOUNT'), ['PEOPLE'])
  assert.deepEqual(user(world, 'U')?.authenticationPolicy?.AUTHENTICATION_METHODS, ['WORKLOAD_IDENTITY'])
  assert.deepEqual(user(world, 'V')?.authenticationPolicy?.AUTHENTICATION_METHODS, ['ALL'])
  await world.run('ALTER USER u UNSET AUTHENTICATION POLICY; ALTER USER IF EXISTS w SET AUTHENTICATION POLICY services')
  assert.deepEqual(await names('SHOW AUTHENTICATION POLICIES ON USER u'), [])
})

const ofPolicies = `CREATE USER u; CREATE NETWORK POLICY p; CREATE AUTHENTICATION POLICY a;`

const refused: readonly {
  readonly sql: string
  readonly says: RegExp
  readonly code?: string
  readonly limit?: true
}[] = [
  { sql: `CREATE NETWORK POLICY p`, says: /Object 'P' already exists/ },
  ...['192.0.2.0/33', '192.0.2', '192.0.2.1/24/3', '2001:db8::1', 'example.com', '192.0.2.1/x'].map((range) => ({
    sql: `CREATE NETWORK POLICY q ALLOWED_IP_LIST = ('${range}')`,
    says: /IPv4 addresses, and ranges such as 192\.0\.2\.0\/24/,
  })),
  { sql: `ALTER NETWORK POLICY p SET BLOCKED_IP_LIST = ('0/0')`, says: /IPv4 addresses/ },
  { sql: `ALTER USER u SET NETWORK_POLICY = q`, says: /Network policy 'Q' does not exist or not auth/, code: '002003' },
  { sql: `CREATE USER v NETWORK_POLICY = q`, says: /Network policy 'Q' does not exist or not authorized/ },
  { sql: `ALTER ACCOUNT SET NETWORK_POLICY = q`, says: /Network policy 'Q' does not exist or not authorized/ },
  { sql: `ALTER USER nobody SET AUTHENTICATION POLICY a`, says: /User 'NOBODY' does not exist or not authorized/ },
  { sql: `ALTER USER u SET AUTHENTICATION POLICY b`, says: /Authentication policy 'B' does not exist or not auth/ },
  { sql: `DESC NETWORK POLICY q`, says: /Network policy 'Q' does not exist or not authorized/ },
  { sql: `SHOW NETWORK POLICIES ON USER nobody`, says: /User 'NOBODY' does not exist or not authorized/ },
  { sql: `SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN USER nobody`, says: /User 'NOBODY' does not exist or not auth/ },
  {
    sql: `CREATE AUTHENTICATION POLICY b AUTHENTICATION_METHODS = ('TELEPATHY')`,
    says: /AUTHENTICATION_METHODS/,
    limit: true,
  },
  { sql: `CREATE NETWORK POLICY q ALLOWED_NETWORK_RULE_LIST = ('r')`, says: /ALLOWED_NETWORK_RULE_LIST/, limit: true },
  { sql: `CREATE AUTHENTICATION POLICY b CLIENT_TYPES = ('DRIVERS')`, says: /CLIENT_TYPES/, limit: true },
  { sql: `ALTER ACCOUNT SET TIMEZONE = 'UTC'`, says: /ALTER ACCOUNT SET TIMEZONE/, limit: true },
  { sql: `ALTER ACCOUNT UNSET TIMEZONE`, says: /ALTER ACCOUNT UNSET TIMEZONE/, limit: true },
  { sql: `SHOW PARAMETERS IN ACCOUNT`, says: /SHOW PARAMETERS other than/, limit: true },
]

test('what Snowflake would not take of a policy is refused, and what the local one does not have is named', async (context) => {
  for (const { sql, says, code, limit } of refused) {
    await context.test(sql, async () => {
      await using world = await startWorld()
      await world.run(ofPolicies)
      await assert.rejects(world.run(sql), (error) => {
        assert.ok(error instanceof (limit ? LocalLimit : SnowflakeError), String(error))
        assert.match(error.message, says)
        if (code !== undefined) assert.equal('code' in error && error.code, code)
        return true
      })
    })
  }
})
