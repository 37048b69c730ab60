import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEngineWithApi } from '../../engine-with-api.ts'

const integration = `CREATE API INTEGRATION i API_PROVIDER = aws_api_gateway ENABLED = TRUE
  API_AWS_ROLE_ARN = 'arn:aws:iam::111111111111:role/r' API_ALLOWED_PREFIXES = ('https://abc123.execute-api.eu-central-1.amazonaws.com/dev/');`
const url = 'https://abc123.execute-api.eu-central-1.amazonaws.com/dev/hello'
const external = `CREATE OR REPLACE EXTERNAL FUNCTION f(name VARCHAR) RETURNS VARIANT API_INTEGRATION = i AS '${url}';`
const python = `CREATE FUNCTION p() RETURNS VARCHAR LANGUAGE PYTHON RUNTIME_VERSION = '3.11' PACKAGES = ('requests', 'pandas')
  HANDLER = 'greet' AS $$def greet(): return 'Hello'$$;`

test('DESC FUNCTION shows where an external function calls, and what a Python function is', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(`${integration} ${external} ${python}`)
  const shown = async (name: string) => Object.fromEntries(await engine.rows(`DESC FUNCTION ${name}`))
  const { language, body, signature, returns } = await shown('f(VARCHAR)')
  assert.deepEqual([language, body, signature, returns], ['EXTERNAL', url, '(NAME VARCHAR)', 'VARIANT'])
  const described = await shown('p()')
  assert.equal(described['language'], 'PYTHON')
  assert.equal(described['handler'], 'greet')
  assert.equal(described['packages'], "['requests','pandas']")
  assert.equal(described['body'], "def greet(): return 'Hello'")
  await assert.rejects(engine.rows('DESC FUNCTION f()'), /Function 'F' does not exist or not authorized/)
})

test('SHOW GRANTS TO ROLE shows USAGE, until it is revoked or the function replaced or dropped', async () => {
  await using engine = await startEngineWithApi()
  await engine.run(`${integration} ${external} CREATE ROLE caller; CREATE SCHEMA IF NOT EXISTS s; USE SCHEMA PUBLIC;`)
  const grants = async () => (await engine.rows('SHOW GRANTS TO ROLE caller')).map((row) => row.slice(1, 4))
  assert.deepEqual(await grants(), [])
  const grant = 'GRANT USAGE ON FUNCTION f(VARCHAR) TO ROLE caller;'
  await engine.run(`GRANT USAGE ON SCHEMA s TO ROLE caller; ${grant} ${grant}`)
  const ofSchema = ['USAGE', 'SCHEMA', 'S']
  const ofFunction = ['USAGE', 'FUNCTION', '"F(NAME VARCHAR):VARIANT"']
  assert.deepEqual(await grants(), [ofSchema, ofFunction])
  await engine.run(external)
  assert.deepEqual(await grants(), [ofSchema])
  await engine.run(`${grant} REVOKE USAGE ON FUNCTION f(VARCHAR) FROM ROLE caller;`)
  assert.deepEqual(await grants(), [ofSchema])
  await engine.run(`${grant} DROP FUNCTION f(VARCHAR)`)
  assert.deepEqual(await grants(), [ofSchema])
  await assert.rejects(engine.rows('SHOW GRANTS TO ROLE nobody'), /Role 'NOBODY' does not exist or not authorized/)
})
