import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LocalLimitError, SnowflakeError } from '../../../../../local/snowflake/engine/snowflake-error.ts'
import { startEngineWithApi } from '../../engine-with-api.ts'

const issuer = 'https://0a1b2c3d-0000-4000-8000-0123456789ab.tokens.sts.global.api.aws'
const arn = (name: string) => `ARN = 'arn:aws:iam::111111111111:role/${name}'`
const property = (name: string) => `WORKLOAD_IDENTITY = (TYPE = AWS ${arn(name)})`
const show = 'SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER u'
const setUp = `CREATE USER u TYPE = SERVICE ${property('first')};
  ALTER USER u ADD WORKLOAD IDENTITY second TYPE = AWS ${arn('second')} ISSUER = '${issuer}';
  CREATE USER taken TYPE = SERVICE ${property('other')}; CREATE USER person`

type EngineWithApi = Awaited<ReturnType<typeof startEngineWithApi>>

/** As objects by column. */
const rowsByColumn = async (engine: EngineWithApi, sql: string) => {
  const shown = (await engine.run(sql)).at(-1)
  return (shown?.rows ?? []).map((row) =>
    Object.fromEntries((shown?.columns ?? []).map(({ name }, at) => [name, row[at] ?? null])),
  )
}
const namesOf = async (engine: EngineWithApi) => (await rowsByColumn(engine, show)).map(({ name }) => name)

test('SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS has every identity of a user, and none of the ARNs', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(setUp)
  engine.passTime(60)
  const [first, second, ...more] = await rowsByColumn(engine, show)
  const { additional_info: details, ...rest } = second ?? {}
  assert.deepEqual(rest, {
    name: 'SECOND',
    type: 'AWS',
    comment: '',
    last_used: null,
    created_on: '2026-01-15T10:11:12.000Z',
  })
  assert.deepEqual(JSON.parse(details ?? ''), {
    awsPartition: 'aws',
    awsAccount: '111111111111',
    type: 'IAM_ROLE',
    iamRole: 'second',
    issuer,
  })
  assert.deepEqual([first?.['name'], more], ['DEFAULT', []])
  assert.deepEqual(JSON.parse(first?.['additional_info'] ?? ''), {
    awsPartition: 'aws',
    awsAccount: '111111111111',
    type: 'IAM_ROLE',
    iamRole: 'first',
  })
  assert.doesNotMatch(JSON.stringify(await rowsByColumn(engine, show)), /arn:/)
})

test('a user that is not named is the one who is logged in', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(`CREATE USER alice TYPE = SERVICE; ALTER USER ADD WORKLOAD IDENTITY x TYPE = AWS ${arn('x')}`)
  const [only] = await rowsByColumn(engine, 'SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS')
  assert.equal(only?.['name'], 'X')
})

test('the identity of the property is altered by the property, and is no new one when it stays the same', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(setUp)
  const idOf = async () =>
    (
      await engine.rows(`SELECT credential_id FROM snowflake.account_usage.credentials
    WHERE name = 'DEFAULT' AND user_name = 'U'`)
    )[0]?.[0]
  const before = await idOf()
  await engine.run(`ALTER USER u SET ${property('first')}; ALTER USER u SET COMMENT = 'c'`)
  assert.equal(await idOf(), before)
  await engine.run(`ALTER USER u SET ${property('third')}`)
  assert.notEqual(await idOf(), before)
  await engine.run('ALTER USER u UNSET WORKLOAD_IDENTITY')
  assert.deepEqual(await namesOf(engine), ['SECOND'])
  const properties = new Map((await engine.rows('DESC USER u')).map(([name, value]) => [name, value]))
  assert.equal(properties.get('HAS_WORKLOAD_IDENTITY'), 'true')
  await engine.run('ALTER USER u REMOVE WORKLOAD IDENTITY second')
  const after = new Map((await engine.rows('DESC USER u')).map(([name, value]) => [name, value]))
  assert.equal(after.get('HAS_WORKLOAD_IDENTITY'), 'false')
})

test('a named identity is renamed, disabled, commented and removed, and what it stands for is free again', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(`${setUp}; ALTER USER u MODIFY WORKLOAD IDENTITY second RENAME TO "Lambda";
    ALTER USER u MODIFY WORKLOAD IDENTITY "Lambda" SET DISABLED = TRUE COMMENT = 'old'`)
  const storedIdentity = () =>
    engine.snowflake
      .users()
      .find(({ name }) => name === 'U')
      ?.workloadIdentities.at(-1)
  assert.deepEqual(
    [storedIdentity()?.name, storedIdentity()?.isDisabled, storedIdentity()?.comment],
    ['Lambda', true, 'old'],
  )
  await engine.run('ALTER USER u MODIFY WORKLOAD IDENTITY "Lambda" UNSET DISABLED COMMENT')
  assert.deepEqual([storedIdentity()?.isDisabled, storedIdentity()?.comment], [false, ''])
  await engine.run(`ALTER USER IF EXISTS u REMOVE WORKLOAD IDENTITY "Lambda"; ALTER USER IF EXISTS nobody REMOVE WORKLOAD IDENTITY x;
    ALTER USER taken ADD WORKLOAD IDENTITY x TYPE = AWS ${arn('second')}`)
  assert.deepEqual(await namesOf(engine), ['DEFAULT'])
  await engine.run('DROP USER taken; CREATE USER taken TYPE = SERVICE; DROP USER u; CREATE USER u TYPE = SERVICE')
  assert.deepEqual(await namesOf(engine), [])
  await engine.run(`ALTER USER u SET ${property('second')}`)
})

test('snowflake.account_usage.credentials is a view like any other, with the details that SHOW has in other keys', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(setUp)
  const where = `WHERE domain = 'WORKLOAD_IDENTITY_FEDERATION_METHOD'`
  const credentialsQuery = `SELECT user_name, c.type, domain, additional_details FROM snowflake.account_usage.credentials AS c ${where} ORDER BY 1, credential_id`
  const details = (role: string) =>
    `{"aws_partition":"aws","aws_account":"111111111111","type":"IAM_ROLE","iam_role":"${role}"}`
  const [result] = await engine.run(credentialsQuery)
  assert.deepEqual(
    result?.columns.map(({ name, type }) => `${name} ${type}`),
    [
      'USER_NAME VARCHAR(134217728)',
      'TYPE VARCHAR(134217728)',
      'DOMAIN VARCHAR(134217728)',
      'ADDITIONAL_DETAILS OBJECT',
    ],
  )
  const domain = 'WORKLOAD_IDENTITY_FEDERATION_METHOD'
  assert.deepEqual(result?.rows, [
    ['TAKEN', 'AWS', domain, details('other')],
    ['U', 'AWS', domain, details('first')],
    ['U', 'AWS', domain, details('second')],
  ])
  assert.deepEqual(
    await engine.rows(`USE SCHEMA snowflake.account_usage;
      SELECT COUNT(*), MIN(credentials.additional_details:iam_role::VARCHAR), MAX(created_on) FROM credentials WHERE name = 'SECOND'`),
    [['1', 'second', '2026-01-15 10:11:12.000 +0000']],
  )
  assert.deepEqual(await engine.rows(`SELECT * FROM credentials WHERE domain = 'KEYPAIR'`), [])
})

const rejectedStatements: readonly { readonly sql: string; readonly message: RegExp; readonly code?: string }[] = [
  {
    sql: `ALTER USER u ADD WORKLOAD IDENTITY x TYPE = AWS ${arn('other')}`,
    message:
      /^AWS Authenticator for AWS Account '111111111111' and IAM role 'other' already exists in this Snowflake account\.$/,
  },
  {
    sql: `ALTER USER u ADD WORKLOAD IDENTITY x TYPE = AWS ${arn('first')}`,
    message: /IAM role 'first' already exists in this Snowflake account\.$/,
  },
  {
    sql: `ALTER USER taken SET ${property('second')}`,
    message: /IAM role 'second' already exists in this Snowflake account\.$/,
  },
  {
    sql: `ALTER USER u ADD WORKLOAD IDENTITY x TYPE = AWS ${arn('x')} ISSUER = 'https://sts.amazonaws.com'`,
    message: /Invalid ISSUER property in WORKLOAD_IDENTITY of TYPE 'AWS'/,
    code: '004616',
  },
  { sql: `ALTER USER u ADD WORKLOAD IDENTITY second TYPE = AWS ${arn('x')}`, message: /'SECOND' already exists/ },
  { sql: `ALTER USER u ADD WORKLOAD IDENTITY x TYPE = AWS`, message: /invalid ARN/ },
  { sql: `ALTER USER u ADD WORKLOAD IDENTITY x TYPE = AWS ARN = 1`, message: /are texts/ },
  { sql: `ALTER USER person ADD WORKLOAD IDENTITY x TYPE = AWS ${arn('x')}`, message: /TYPE = SERVICE/ },
  { sql: `ALTER USER nobody ADD WORKLOAD IDENTITY x TYPE = AWS ${arn('x')}`, message: /User 'NOBODY' does not exist/ },
  {
    sql: `ALTER USER u ADD WORKLOAD IDENTITY default TYPE = AWS ${arn('x')}`,
    message: /SET or UNSET WORKLOAD_IDENTITY/,
  },
  { sql: 'ALTER USER u REMOVE WORKLOAD IDENTITY default', message: /SET or UNSET WORKLOAD_IDENTITY/ },
  { sql: 'ALTER USER u MODIFY WORKLOAD IDENTITY second RENAME TO DEFAULT', message: /SET or UNSET WORKLOAD_IDENTITY/ },
  {
    sql: 'ALTER USER u MODIFY WORKLOAD IDENTITY nothing SET DISABLED = TRUE',
    message: /Workload identity 'NOTHING' does not exist/,
  },
  { sql: `ALTER USER u MODIFY WORKLOAD IDENTITY second SET ${arn('x')}`, message: /DISABLED and COMMENT alone/ },
  { sql: 'ALTER USER u MODIFY WORKLOAD IDENTITY second UNSET ISSUER', message: /DISABLED and COMMENT alone/ },
  { sql: 'ALTER USER u REMOVE WORKLOAD IDENTITY nothing', message: /Workload identity 'NOTHING' does not exist/ },
  { sql: 'ALTER USER u MODIFY WORKLOAD IDENTITY second', message: /unexpected '<EOF>'/, code: '001003' },
  {
    sql: 'SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER nobody',
    message: /User 'NOBODY' does not exist/,
  },
  {
    sql: 'SELECT name FROM snowflake.account_usage.credentials c WHERE credentials.name IS NULL',
    message: /invalid identifier/,
  },
  { sql: 'SELECT 1 FROM WHERE TRUE', message: /unexpected 'WHERE'/, code: '001003' },
]

test('what Snowflake would not take of a workload identity is rejected', async (context) => {
  for (const { sql, message, code } of rejectedStatements) {
    await context.test(sql.slice(0, 90), async () => {
      await using engine = await startEngineWithApi()
      await engine.run(setUp)
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
  `ALTER USER u ADD WORKLOAD IDENTITY x TYPE = OIDC ISSUER = 'x' SUBJECT = 'y'`,
  `ALTER USER u ADD WORKLOAD IDENTITY x TYPE = AWS ${arn('x')} SUBJECT = 'y'`,
  'SELECT * FROM snowflake.account_usage.login_history',
  'SELECT * FROM a.b.c.d',
  'SHOW GRANTS ON ACCOUNT',
]

test('what the local Snowflake has not of workload identities and views, it says so', async (context) => {
  for (const sql of limits) {
    await context.test(sql.slice(0, 90), async () => {
      await using engine = await startEngineWithApi()
      await engine.run(setUp)
      await assert.rejects(engine.run(sql), LocalLimitError)
    })
  }
})
