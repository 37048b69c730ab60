import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseDeployedApi } from '../../../cli/deploy/deployed-api.ts'
import { callerScript, connectionMethods } from '../../../cli/setup/caller-script.ts'
import { sqlFunctions } from '../../../cli/setup/sql-functions.ts'
import { parseAccessMap, routeTable, type SnowflakeCaller, snowflakeNames } from '../../../shared/access/index.ts'
import { type ApiRequest, startEngineWithApi } from '../../local/snowflake/engine-with-api.ts'

const callerWith = (routes: string): SnowflakeCaller => {
  const caller = parseAccessMap(`dev: {callers: {snowflake: {routes: [${routes}]}}}`, 'access.yml')
    .get('dev')
    ?.callers.get('snowflake')
  assert.ok(caller?.kind === 'snowflake')
  return caller
}
const at = (id: string, region = 'eu-central-1') =>
  parseDeployedApi(`https://${id}.execute-api.${region}.amazonaws.com/dev`, '111111111111')
const scriptOptions = {
  name: 'snowflake',
  caller: callerWith('POST /hello, GET /hello'),
  api: at('a1b2c3d4e5'),
  methods: connectionMethods,
}
const script = callerScript(scriptOptions)

const greeting = ({ text }: ApiRequest) => ({
  body: JSON.stringify({
    data: JSON.parse(text).data.map(([row, name]: [number, string?]) => [row, `Hello${name ? `, ${name}` : '!'}`]),
  }),
})
const names = snowflakeNames('dev', 'snowflake')

const idsOf = async (rows: (sql: string) => Promise<readonly (readonly (string | null)[])[]>) => {
  const ids = []
  for (const integration of [names.apiIntegration, names.securityIntegration]) {
    const described = await rows(`DESC INTEGRATION "${integration}"`)
    ids.push(described.find(([property]) => property?.endsWith('_AWS_EXTERNAL_ID'))?.[2])
  }
  return ids
}

test('the script runs twice, and the external ids do not change', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(script)
  const ids = await idsOf(engine.rows)
  assert.equal(new Set(ids).size, 2)
  const again = await engine.run(script)
  assert.deepEqual(await idsOf(engine.rows), ids)
  assert.deepEqual(again.at(-1)?.rows.find(([property]) => property?.endsWith('_AWS_EXTERNAL_ID'))?.[2], ids[1])
})

test('the objects of the script call the service with the caller role', async () => {
  await using engine = await startEngineWithApi({ answer: greeting })
  await engine.run(script)
  const rows = await engine.rows(`SELECT snowgate.dev.hello(name) FROM (VALUES ('Alice'), (NULL)) AS t(name)`)
  assert.deepEqual(rows, [['"Hello, Alice"'], ['"Hello!"']])
  const [request] = engine.received
  assert.deepEqual([request?.method, request?.path, request?.rejection], ['POST', '/dev/hello', undefined])
  assert.equal(engine.assumptions[0]?.get('RoleArn'), 'arn:aws:iam::111111111111:role/snowgate-dev-snowflake')
})

test('with a new API URL the script updates every object that contains it', async () => {
  const runs: unknown[] = []
  await using engine = await startEngineWithApi({
    answer: greeting,
    runUdf: async ({ udf }) => {
      runs.push([udf.allowedHosts, /^URL = (.*)$/m.exec(udf.body)?.[1]])
      return '["x"]'
    },
  })
  await engine.run(callerScript({ ...scriptOptions, api: at('old') }))
  const ids = await idsOf(engine.rows)
  await engine.run(script)
  assert.deepEqual(await idsOf(engine.rows), ids)
  await engine.run(`SELECT snowgate.dev.hello(), snowgate.dev.hello_udf('x'), snowgate.dev.hello_vectorized('x')`)
  assert.deepEqual(
    engine.received.map(({ path }) => path),
    ['/dev/hello'],
  )
  const host = 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com'
  const run = [[host], `'https://${host}/dev/hello'`]
  assert.deepEqual(runs, [run, run])
})

test('each connection method runs alone and describes only its integration', async () => {
  const descriptions = { 'external-functions': names.apiIntegration, 'external-access': names.securityIntegration }
  for (const method of connectionMethods) {
    await using engine = await startEngineWithApi()
    const alone = callerScript({ ...scriptOptions, methods: [method] })
    await engine.run(alone)
    assert.deepEqual(
      [...alone.matchAll(/^DESC INTEGRATION "(.*)";$/gm)].map(([, name]) => name),
      [descriptions[method]],
    )
  }
})

test('no object with an external id is replaced', () => {
  const replaced = [...script.matchAll(/^CREATE OR REPLACE (.*?) "/gm)].map(([, kind]) => kind)
  assert.deepEqual([...new Set(replaced)], ['EXTERNAL FUNCTION', 'FUNCTION'])
  for (const [, statement = ''] of script.matchAll(/^CREATE (?!OR REPLACE)(.*)$/gm))
    assert.match(statement, /IF NOT EXISTS/)
})

test('the role gets only USAGE on the database, the schema and each function', () => {
  const grants = [...script.matchAll(/^GRANT (.*) TO ROLE "SNOWGATE_DEV_SNOWFLAKE";$/gm)].map(([, what]) => what)
  assert.equal(grants.length, [...script.matchAll(/^GRANT /gm)].length)
  assert.deepEqual(grants, [
    'USAGE ON DATABASE "SNOWGATE"',
    'USAGE ON SCHEMA "SNOWGATE"."DEV"',
    'USAGE ON FUNCTION "SNOWGATE"."DEV"."HELLO"()',
    'USAGE ON FUNCTION "SNOWGATE"."DEV"."HELLO"(VARCHAR)',
    'USAGE ON FUNCTION "SNOWGATE"."DEV"."HELLO_UDF"(VARCHAR)',
    'USAGE ON FUNCTION "SNOWGATE"."DEV"."HELLO_VECTORIZED"(VARCHAR)',
  ])
})

// https://docs.snowflake.com/en/developer-guide/snowflake-cli/sql/execute-sql
test('the script has no template expressions of snow sql', () => {
  assert.doesNotMatch(script, /[&]|<%|\{\{|\}\}/)
})

const partitions = [
  { region: 'us-gov-west-1', provider: 'aws_gov_api_gateway', arn: 'arn:aws-us-gov:iam::' },
  { region: 'eu-central-1', provider: 'aws_api_gateway', arn: 'arn:aws:iam::' },
] as const
for (const { region, provider, arn } of partitions) {
  test(`in ${region} the provider is ${provider}, and the role is in its partition`, () => {
    const there = callerScript({ ...scriptOptions, api: at('a1b2c3d4e5', region) })
    assert.ok(there.includes(`API_PROVIDER = ${provider}\n`))
    assert.ok(there.includes(`AWS_ROLE_ARN = '${arn}111111111111:role/snowgate-dev-snowflake'`))
  })
}

test('a caller without a POST route is an error', () => {
  assert.throws(
    () => callerScript({ ...scriptOptions, caller: callerWith('GET /hello') }),
    /Caller snowflake has no route for a SQL function\./,
  )
})

test('the SQL functions are exactly the routes with POST', () => {
  const posted = routeTable.filter(({ methods }) => methods.includes('POST')).map(({ path }) => path)
  assert.deepEqual(
    sqlFunctions.map(({ path }) => path),
    posted,
  )
})

test('every Python file belongs to a function', () => {
  const bodies = readdirSync(join(import.meta.dirname, '../../../infra/snowflake/udf')).sort()
  assert.deepEqual(sqlFunctions.flatMap(({ python }) => python.map(({ body }) => body)).sort(), bodies)
})

test('the documentation names all types of created objects', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/snowflake.md'), 'utf8')
  for (const [, kind = ''] of script.matchAll(/^CREATE (?:OR REPLACE )?([A-Z ]+?) (?:IF NOT EXISTS )?"/gm)) {
    assert.ok(page.includes(`\`${kind}\``), kind)
  }
})
