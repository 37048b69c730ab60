import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LocalLimitError, SnowflakeError } from '../../../../local/snowflake/engine/snowflake-error.ts'
import {
  apiUrl,
  externalId,
  hello,
  integration,
  resultsOf,
  roleArn,
  startEngineWithApi,
  userArn,
} from '../engine-with-api.ts'

const securityIntegration = `CREATE SECURITY INTEGRATION aws_sec TYPE = API_AUTHENTICATION AUTH_TYPE = AWS_IAM ENABLED = TRUE
  AWS_ROLE_ARN = '${roleArn}';`
const python = `${securityIntegration}
  CREATE NETWORK RULE api_rule MODE = EGRESS TYPE = HOST_PORT VALUE_LIST = ('a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com');
  CREATE SECRET aws_token TYPE = CLOUD_PROVIDER_TOKEN API_AUTHENTICATION = aws_sec;
  CREATE EXTERNAL ACCESS INTEGRATION eai ALLOWED_NETWORK_RULES = (api_rule)
    ALLOWED_AUTHENTICATION_SECRETS = (aws_token) ENABLED = TRUE;
  CREATE OR REPLACE FUNCTION call_api(x VARCHAR, n NUMBER) RETURNS VARIANT LANGUAGE PYTHON RUNTIME_VERSION = '3.12'
    PACKAGES = ('requests') HANDLER = 'run' EXTERNAL_ACCESS_INTEGRATIONS = (eai) SECRETS = ('cred' = aws_token) AS $$
def run(x, n):
    return {"it's": x} # ; and -- are of Python here
$$;`

/** Statements that run, and the status each ends with. */
const runningStatements: readonly { readonly sql: string; readonly status: RegExp }[] = [
  { sql: integration, status: /^Integration API successfully created\.$/ },
  { sql: hello(), status: /^Function HELLO successfully created\.$/ },
  {
    sql: `create external function if not exists hello(name varchar) returns variant api_integration = api as '${apiUrl}hello'`,
    status: /already exists/,
  },
  {
    sql: `CREATE SECURE EXTERNAL FUNCTION "hello there"() RETURNS NUMBER(10, 2) NULL IMMUTABLE COMMENT = 'it''s' API_INTEGRATION = api HEADERS = ('a' = 'b') MAX_BATCH_ROWS = 5 COMPRESSION = none AS '${apiUrl}x'`,
    status: /hello there successfully created/,
  },
  { sql: `ALTER API INTEGRATION IF EXISTS api SET COMMENT = 'c' ENABLED = TRUE`, status: /./ },
  { sql: python, status: /^Function CALL_API successfully created\.$/ },
  {
    sql: 'CREATE DATABASE IF NOT EXISTS db; CREATE SCHEMA IF NOT EXISTS db.s; CREATE ROLE IF NOT EXISTS r',
    status: /^Role R successfully created\.$/,
  },
  { sql: 'GRANT USAGE ON INTEGRATION api TO ROLE "r; x"; CREATE USER u; GRANT ROLE r TO USER u;', status: /executed/ },
  {
    sql: 'USE ROLE sysadmin; USE DATABASE db; USE SCHEMA db.s; USE WAREHOUSE w; USE snowgate.public',
    status: /executed/,
  },
  { sql: 'DROP FUNCTION IF EXISTS nothing(VARCHAR)', status: /already dropped/ },
  { sql: 'DROP FUNCTION hello(VARCHAR)', status: /^HELLO successfully dropped\.$/ },
  { sql: 'DROP INTEGRATION api;', status: /^API successfully dropped\.$/ },
  { sql: '/* nothing */ ; -- here\n // nor here\n;SET x = 1;', status: /executed/ },
]

test('the statements of the set-up run, one after the other', async (context) => {
  await using engine = await startEngineWithApi()
  for (const { sql, status } of runningStatements) {
    await context.test(sql.slice(0, 60), async () => {
      assert.match((await engine.run(sql)).at(-1)?.status ?? '', status)
    })
  }
})

test('DESC INTEGRATION shows the user of the account and the id of the integration', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(integration)
  for (const sql of ['DESC INTEGRATION api', 'DESCRIBE API INTEGRATION "API";']) {
    const [result] = await engine.run(sql)
    assert.deepEqual(
      result?.columns.map(({ name }) => name),
      ['property', 'property_type', 'property_value', 'property_default'],
    )
    const values = new Map(result?.rows.map(([property, , value]) => [property, value]))
    assert.equal(values.get('API_AWS_IAM_USER_ARN'), userArn)
    assert.equal(values.get('API_AWS_EXTERNAL_ID'), externalId(1))
    assert.equal(values.get('API_AWS_ROLE_ARN'), roleArn)
    assert.equal(values.get('API_ALLOWED_PREFIXES'), apiUrl)
    assert.equal(values.get('ENABLED'), 'true')
  }
})

test('ALTER keeps the external id, a replacement gets another, IF NOT EXISTS changes nothing', async () => {
  await using engine = await startEngineWithApi()
  const id = async () =>
    (await engine.rows('DESC INTEGRATION api')).find(([property]) => property === 'API_AWS_EXTERNAL_ID')?.[2]
  await engine.run(integration)
  const first = await id()
  await engine.run(`ALTER INTEGRATION api SET API_ALLOWED_PREFIXES = ('https://x/')`)
  assert.equal(await id(), first)
  await engine.run(integration.replace('INTEGRATION', 'INTEGRATION IF NOT EXISTS'))
  assert.equal(await id(), first)
  await engine.run(integration.replace('CREATE', 'CREATE OR REPLACE'))
  assert.notEqual(await id(), first)
})

test('a security integration is described with the same suffixes', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(securityIntegration)
  const rows = await engine.rows('DESC SECURITY INTEGRATION aws_sec')
  const bySuffix = (suffix: string) => rows.find(([property]) => property?.endsWith(suffix))?.[2]
  assert.equal(bySuffix('_AWS_IAM_USER_ARN'), userArn)
  assert.equal(bySuffix('_AWS_EXTERNAL_ID'), externalId(1))
})

test('SHOW lists what there is', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(integration + python + hello())
  assert.deepEqual(
    (await engine.rows('SHOW INTEGRATIONS')).map(([name]) => name),
    ['API', 'AWS_SEC', 'EAI'],
  )
  assert.deepEqual(
    (await engine.rows('SHOW EXTERNAL FUNCTIONS')).map(([name]) => name),
    ['CALL_API', 'HELLO'],
  )
})

const failingStatements: readonly { readonly sql: string; readonly code?: string; readonly message: RegExp }[] = [
  {
    sql: 'SELECT FAIL FROM',
    code: '001003',
    message: /^SQL compilation error:\nsyntax error line 1 at position 16 unexpected '<EOF>'\.$/,
  },
  { sql: '\n  selec 1', code: '001003', message: /syntax error line 2 at position 2 unexpected 'selec'\.$/ },
  { sql: `SELECT 'open`, code: '001003', message: /unexpected '''/ },
  { sql: 'SELECT 1 2', code: '001003', message: /unexpected '2'/ },
  { sql: 'SELECT nowhere(1)', code: '002140', message: /^SQL compilation error:\nUnknown function NOWHERE$/ },
  { sql: 'SELECT a FROM (VALUES (1)) AS t(b)', code: '000904', message: /invalid identifier 'A'/ },
  { sql: 'DESC INTEGRATION nothing', code: '002003', message: /'NOTHING' does not exist or not authorized\.$/ },
  { sql: 'DROP INTEGRATION nothing', code: '002003', message: /does not exist/ },
  { sql: integration, message: /already exists/ },
  {
    sql: 'CREATE API INTEGRATION i ENABLED = TRUE API_PROVIDER = aws_api_gateway',
    message: /missing option 'API_AWS_ROLE_ARN'/,
  },
  { sql: integration.replace('TRUE', `'yes'`).replace(' api ', ' i '), message: /invalid value for option 'ENABLED'/ },
  { sql: hello('API_INTEGRATION = api'), message: /duplicate option 'API_INTEGRATION'/ },
  { sql: hello(`HEADERS = ('service_version' = '1')`), message: /HEADERS/ },
  { sql: hello(`HEADERS = ('version' = 'a\\nb')`), message: /HEADERS/ },
  { sql: 'SELECT 1e999', message: /out of representable range/ },
  { sql: 'SELECT 1e308 * 10', message: /out of representable range/ },
  { sql: hello().replace('= api', '= other'), code: '002003', message: /Integration 'OTHER' does not exist/ },
  { sql: hello().replaceAll('/dev/', '/production/'), message: /API_ALLOWED_PREFIXES/ },
  { sql: hello().replace(`${apiUrl}`, 'https://api.example.com/'), message: /not a URL of an API Gateway/ },
  { sql: `SELECT 'abc'::NUMBER`, message: /^Numeric value 'abc' is not recognized$/ },
  { sql: `SELECT 1::NUMBER(38, 38)`, message: /out of representable range/ },
  { sql: `SELECT '2026-02-29'::DATE`, message: /^Date '2026-02-29' is not recognized$/ },
]

test('an error in the SQL is Snowflake’s error, with its code where that is known', async (context) => {
  await using engine = await startEngineWithApi()
  await engine.run(integration)
  for (const { sql, code, message } of failingStatements) {
    await context.test(sql.slice(0, 60), async () => {
      await assert.rejects(engine.run(sql), (error: unknown) => {
        assert.ok(error instanceof SnowflakeError, String(error))
        assert.match(error.message, message)
        assert.equal(error.code, code)
        return true
      })
    })
  }
})

const missing: readonly { readonly sql: string; readonly names: string }[] = [
  { sql: 'INSERT INTO t VALUES (1)', names: 'INSERT' },
  { sql: 'WITH a AS (SELECT 1) SELECT * FROM a', names: 'WITH' },
  { sql: 'CREATE TABLE t (a INT)', names: 'CREATE TABLE' },
  { sql: 'ALTER TABLE t ADD COLUMN a INT', names: 'ALTER TABLE' },
  { sql: `SELECT * FROM TABLE(RESULT_SCAN('x'))`, names: 'RESULT_SCAN' },
  { sql: 'SELECT CASE WHEN TRUE THEN 1 END', names: 'CASE' },
  { sql: 'SELECT a FROM customers', names: 'tables' },
  { sql: 'SELECT 1 FROM (VALUES (1)) t, (VALUES (2)) u', names: 'source' },
  { sql: 'SELECT 1 / 2', names: 'division' },
  { sql: 'SELECT 1 FROM (VALUES (1)) t GROUP BY 1', names: 'GROUP' },
  { sql: 'SELECT 1 FROM (VALUES (1)) t JOIN u', names: 'JOIN' },
  { sql: 'SELECT ROW_NUMBER() OVER (ORDER BY 1)', names: 'OVER' },
  { sql: 'SELECT IFF(TRUE, 1, 2)', names: 'IFF' },
  { sql: 'SELECT (SELECT 1)', names: 'sub-select' },
  { sql: `SELECT 'x'::GEOGRAPHY`, names: 'GEOGRAPHY' },
  { sql: 'SHOW TABLES', names: 'SHOW TABLES' },
  { sql: integration.replace('aws_api_gateway', 'azure_api_management'), names: 'API_PROVIDER' },
  { sql: integration.replace('ENABLED', `USAGE_HINT = 'x' ENABLED`), names: 'USAGE_HINT' },
  { sql: hello('REQUEST_TRANSLATOR = f'), names: 'REQUEST_TRANSLATOR' },
  { sql: hello('CONTEXT_HEADERS = (current_ip_address)'), names: 'CONTEXT_HEADERS' },
  { sql: 'CREATE FUNCTION f() RETURNS INT LANGUAGE JAVASCRIPT AS $$ return 1 $$', names: 'JAVASCRIPT' },
  { sql: `${python} SELECT call_api('x', 1)`, names: 'Python' },
  { sql: `SELECT ${'('.repeat(300)}1${')'.repeat(300)}`, names: 'nested' },
]

test('what is missing here is named, and called the local stack’s limit', async (context) => {
  for (const { sql, names } of missing) {
    await context.test(sql.slice(-60), async () => {
      await using engine = await startEngineWithApi()
      await assert.rejects(engine.run(sql), (error: unknown) => {
        assert.ok(error instanceof LocalLimitError, String(error))
        assert.match(error.message, /^The local Snowflake does not have .* own limit/s)
        assert.ok(error.message.includes(names), error.message)
        return true
      })
    })
  }
})

test('a Python function gets its source, hosts and credentials from the objects it names', async () => {
  const runs: unknown[] = []
  await using engine = await startEngineWithApi({
    runUdf: async (run) => {
      runs.push(run)
      return '["a", {"n": 12345678901234567890}]'
    },
  })
  await engine.run(python)
  const rows = await engine.rows(
    `SELECT call_api(x, n) FROM (VALUES ('a', 1), (NULL, 12345678901234567890)) AS t(x, n)`,
  )
  assert.deepEqual(rows, [['"a"'], ['{"n":12345678901234567890}']])
  assert.deepEqual(runs, [
    {
      udf: {
        name: 'CALL_API',
        handler: 'run',
        runtimeVersion: '3.12',
        packages: ['requests'],
        body: `\ndef run(x, n):\n    return {"it's": x} # ; and -- are of Python here\n`,
        allowedHosts: ['a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com'],
        tokens: [{ alias: 'cred', roleArn, externalId: externalId(1) }],
      },
      credentials: {
        cred: {
          accessKeyId: 'ASIAIOSFODNN7EXAMP01',
          secretAccessKey: 'temporary',
          sessionToken: 'FwoGZXIvYXdzEXAMPLE==',
          expiration: new Date(engine.now().getTime() + 3_600_000),
        },
      },
      rows: '[["a",1],[null,12345678901234567890]]',
    },
  ])
})

test('sessions share what the account holds, and nothing of what they said', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(`${integration} USE ROLE sysadmin; SET x = 1`)
  const other = engine.snowflake.openSession({ user: 'BOB', role: 'PUBLIC' })
  const all = await resultsOf(other, 'DESC INTEGRATION api; SELECT CURRENT_USER(), CURRENT_ROLE')
  assert.deepEqual(all.at(-1)?.rows, [['BOB', 'PUBLIC']])
  await assert.rejects(resultsOf(other, 'SELECT $x'), /'\$X' does not exist/)
})

test('what ran before a failure has run, and its results are there', async () => {
  await using engine = await startEngineWithApi()
  const results: unknown[] = []
  const { execute } = engine.snowflake.openSession({ user: 'BOB', role: 'PUBLIC' })
  await assert.rejects(async () => {
    for await (const { rows } of execute(`SELECT 1; ${integration} SELEC 2; SELECT 3`)) results.push(rows)
  }, /SELEC/)
  assert.equal(results.length, 2)
  assert.equal((await engine.rows('SHOW INTEGRATIONS')).length, 1)
})
