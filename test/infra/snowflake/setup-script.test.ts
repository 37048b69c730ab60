import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseDeployedApi, setupScript, ways } from '../../../cli/setup/index.ts'
import { sqlFunctions } from '../../../cli/setup/sql-functions.ts'
import { parseAccessMap, routeTable, type SnowflakeCaller, snowflakeNames } from '../../../shared/access/index.ts'
import { type Received, startWorld } from '../../local/snowflake/world.ts'

const callerWith = (routes: string): SnowflakeCaller => {
  const caller = parseAccessMap(`dev: {callers: {snowflake: {routes: [${routes}]}}}`, 'access.yml')
    .get('dev')
    ?.callers.get('snowflake')
  assert.ok(caller?.kind === 'snowflake')
  return caller
}
const at = (id: string, region = 'eu-central-1') =>
  parseDeployedApi(`https://${id}.execute-api.${region}.amazonaws.com/dev`, '111111111111')
const order = {
  name: 'snowflake',
  caller: callerWith('POST /hello, GET /hello'),
  api: at('a1b2c3d4e5'),
  ways,
}
const script = setupScript(order)

const greeting = ({ text }: Received) => ({
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

test('the script runs, runs again, and keeps the external ids', async () => {
  await using world = await startWorld()
  await world.run(script)
  const ids = await idsOf(world.rows)
  assert.equal(new Set(ids).size, 2)
  const again = await world.run(script)
  assert.deepEqual(await idsOf(world.rows), ids)
  assert.deepEqual(again.at(-1)?.rows.find(([property]) => property?.endsWith('_AWS_EXTERNAL_ID'))?.[2], ids[1])
})

test('what the script made greets, through the door role of the caller', async () => {
  await using world = await startWorld({ answer: greeting })
  await world.run(script)
  const rows = await world.rows(`SELECT snowgate.dev.hello(name) FROM (VALUES ('Alice'), (NULL)) AS t(name)`)
  assert.deepEqual(rows, [['"Hello, Alice"'], ['"Hello!"']])
  const [request] = world.received
  assert.deepEqual([request?.method, request?.path, request?.refusal], ['POST', '/dev/hello', undefined])
  assert.equal(world.assumptions[0]?.get('RoleArn'), 'arn:aws:iam::111111111111:role/snowgate-dev-snowflake')
})

test('when the API has moved, the script moves everything that names it', async () => {
  const runs: unknown[] = []
  await using world = await startWorld({
    answer: greeting,
    runUdf: async ({ udf }) => {
      runs.push([udf.allowedHosts, /^URL = (.*)$/m.exec(udf.body)?.[1]])
      return '["x"]'
    },
  })
  await world.run(setupScript({ ...order, api: at('old') }))
  const ids = await idsOf(world.rows)
  await world.run(script)
  assert.deepEqual(await idsOf(world.rows), ids)
  await world.run(`SELECT snowgate.dev.hello(), snowgate.dev.hello_udf('x'), snowgate.dev.hello_vectorized('x')`)
  assert.deepEqual(
    world.received.map(({ path }) => path),
    ['/dev/hello'],
  )
  const host = 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com'
  const run = [[host], `'https://${host}/dev/hello'`]
  assert.deepEqual(runs, [run, run])
})

test('each way runs by itself and describes its own integration alone', async () => {
  const descriptions = { 'external-functions': names.apiIntegration, 'external-access': names.securityIntegration }
  for (const way of ways) {
    await using world = await startWorld()
    const alone = setupScript({ ...order, ways: [way] })
    await world.run(alone)
    assert.deepEqual(
      [...alone.matchAll(/^DESC INTEGRATION "(.*)";$/gm)].map(([, name]) => name),
      [descriptions[way]],
    )
  }
})

test('nothing that holds an external id is ever replaced', () => {
  const replaced = [...script.matchAll(/^CREATE OR REPLACE (.*?) "/gm)].map(([, kind]) => kind)
  assert.deepEqual([...new Set(replaced)], ['EXTERNAL FUNCTION', 'FUNCTION'])
  for (const [, statement = ''] of script.matchAll(/^CREATE (?!OR REPLACE)(.*)$/gm))
    assert.match(statement, /IF NOT EXISTS/)
})

test('the role gets USAGE on the database, the schema and each function, and nothing else', () => {
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
test('snow sql finds nothing in it to fill in', () => {
  assert.doesNotMatch(script, /[&]|<%|\{\{|\}\}/)
})

const places = [
  { region: 'us-gov-west-1', provider: 'aws_gov_api_gateway', arn: 'arn:aws-us-gov:iam::' },
  { region: 'eu-central-1', provider: 'aws_api_gateway', arn: 'arn:aws:iam::' },
] as const
for (const { region, provider, arn } of places) {
  test(`in ${region} the provider is ${provider} and the role is of its partition`, () => {
    const there = setupScript({ ...order, api: at('a1b2c3d4e5', region) })
    assert.ok(there.includes(`API_PROVIDER = ${provider}\n`))
    assert.ok(there.includes(`AWS_ROLE_ARN = '${arn}111111111111:role/snowgate-dev-snowflake'`))
  })
}

test('a caller who may not POST anywhere gets words instead of a script', () => {
  assert.throws(
    () => setupScript({ ...order, caller: callerWith('GET /hello') }),
    /no route that a SQL function could call/,
  )
})

test('every path that answers POST is there for SQL, and no other', () => {
  const posted = routeTable.filter(({ methods }) => methods.includes('POST')).map(({ path }) => path)
  assert.deepEqual(
    sqlFunctions.map(({ path }) => path),
    posted,
  )
})

test('every Python body is one of a function', () => {
  const bodies = readdirSync(join(import.meta.dirname, '../../../infra/snowflake/udf')).sort()
  assert.deepEqual(sqlFunctions.flatMap(({ python }) => python.map(({ body }) => body)).sort(), bodies)
})

test('the page names everything that the script creates', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/snowflake.md'), 'utf8')
  for (const [, kind = ''] of script.matchAll(/^CREATE (?:OR REPLACE )?([A-Z ]+?) (?:IF NOT EXISTS )?"/gm)) {
    assert.ok(page.includes(`\`${kind}\``), kind)
  }
})
