import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { ConnectionOptions } from 'snowflake-sdk'
import { issuerOf } from '../../../../local/services/sts/index.ts'
import { runSnowgate } from '../../../cli/run-snowgate.ts'
import { temporaryFolder } from '../../../infra/compile.ts'
import { serviceMap } from '../../../service-map.ts'
import { type RunningStack, runningStack } from '../../running-stack.ts'
import { close, connect, type Driver, failureOf, loadDriver, query } from './node-driver.ts'

let stack: RunningStack
let driver: Driver

before(async () => {
  stack = await runningStack()
  driver = await loadDriver()
})
after(() => stack.stop())

const actAs = async (name: string, { identity, url }: RunningStack = stack) => {
  const { accessKeyId, secretAccessKey, sessionToken } = await identity(name)
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_STS: url,
  })
  delete process.env['AWS_SESSION_TOKEN']
  if (sessionToken !== null) process.env['AWS_SESSION_TOKEN'] = sessionToken
}

const byWorkloadIdentity = (account = 'ABC12345', { url } = stack): ConnectionOptions => ({
  account,
  accessUrl: url,
  authenticator: 'WORKLOAD_IDENTITY',
  workloadIdentityProvider: 'AWS',
})

const run = async (sql: string, { send } = stack) => {
  const answer = await send({ path: '/_snowgate/statements', body: JSON.stringify({ session: 'test', sql }) })
  assert.deepEqual(JSON.parse(answer.body).failure, undefined)
}

const roleArn = 'arn:aws:iam::222222222222:role/LambdaRoleDeve'
const serviceUser = `CREATE OR REPLACE USER analytics_service TYPE = SERVICE DEFAULT_ROLE = PUBLIC
  WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${roleArn}');`

test('a role of the map logs in to the Snowflake of the stack with the official driver, and no other principal does', async () => {
  await run(serviceUser)
  await actAs('analytics')
  const connection = await connect(driver, byWorkloadIdentity())
  const { rows } = await query(connection, 'SELECT CURRENT_USER() AS who')
  assert.deepEqual(rows, [{ WHO: 'ANALYTICS_SERVICE' }])
  await close(connection)

  await actAs('stranger')
  const { message } = await failureOf(connect(driver, byWorkloadIdentity()))
  assert.match(message, /Unable to find an associated Snowflake user for the verified AWS Caller Identity/)
  assert.ok(stack.log.some((line) => line.includes('DENY  snowflake ')))
})

for (const account of ['myorg-myaccount', 'MYORG-MYACCOUNT', 'abc12345.eu-central-1', 'snowflake']) {
  test(`the account that the map names answers to ${account}, and tells what it is called`, async () => {
    await run(serviceUser)
    await actAs('analytics')
    const connection = await connect(driver, byWorkloadIdentity(account))
    const { rows } = await query(
      connection,
      'SELECT CURRENT_ACCOUNT() AS a, CURRENT_ORGANIZATION_NAME() AS o, CURRENT_ACCOUNT_NAME() AS n',
    )
    assert.deepEqual(rows, [{ A: 'ABC12345', O: 'MYORG', N: 'MYACCOUNT' }])
    await close(connection)
  })
}

test('an unknown account gets 403, as an unknown host of Snowflake does', async () => {
  const response = await fetch(`${stack.url}/session/v1/login-request?requestId=${randomUUID()}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ data: { ACCOUNT_NAME: 'other-account', AUTHENTICATOR: 'SNOWFLAKE_JWT', TOKEN: 'x' } }),
  })
  assert.equal(response.status, 403)
  assert.deepEqual(await response.json(), {
    data: null,
    code: '390144',
    message: 'Invalid account name or host.',
    success: false,
    headers: null,
  })
})

test('a stage without a Snowflake caller has an account for its own login', async () => {
  const accessMap = join(await temporaryFolder(), 'access.yml')
  await writeFile(
    accessMap,
    `dev: {callers: {analytics: {principals: ['${roleArn}'], routes: [POST /hello]}}, snowflake: {account: my-own_account, login: workload-identity}}`,
  )
  const other = await runningStack({ accessMap })
  try {
    await run(serviceUser, other)
    await actAs('analytics', other)
    const connection = await connect(driver, byWorkloadIdentity('my-own-account', other))
    const { rows } = await query(connection, 'SELECT CURRENT_ACCOUNT_NAME() AS n')
    assert.deepEqual(rows, [{ N: 'OWN_ACCOUNT' }])
    await close(connection)
  } finally {
    await other.stop()
  }
})

test('the token of GetWebIdentityToken logs in the user that has its issuer', async () => {
  await run(`${serviceUser} ALTER USER analytics_service SET
    WORKLOAD_IDENTITY = (TYPE = AWS ARN = '${roleArn}' ISSUER = '${issuerOf('222222222222')}')`)
  await actAs('analytics')
  const options = { ...byWorkloadIdentity(), workloadIdentityAwsUseOutboundToken: true }
  const connection = await connect(driver, options)
  assert.deepEqual((await query(connection, 'SELECT CURRENT_USER() AS who')).rows, [{ WHO: 'ANALYTICS_SERVICE' }])
  await close(connection)
})

test('a service user calls an external function through its session, and the service answers', async () => {
  const part = ['--part', 'external-functions']
  const setup = await runSnowgate(['setup', 'sql', ...part, '--access', serviceMap, '--stack', stack.url])
  await run(setup.stdout)
  await run(`${serviceUser} GRANT ROLE snowgate_dev_snowflake TO USER analytics_service`)
  await actAs('analytics')
  const connection = await connect(driver, { ...byWorkloadIdentity(), role: 'SNOWGATE_DEV_SNOWFLAKE' })
  const { rows } = await query(
    connection,
    'SELECT CURRENT_ROLE() AS role, snowgate.dev.hello(name) AS said FROM (VALUES (?), (NULL)) AS t(name)',
    ['Zoë'],
  )
  assert.deepEqual(rows, [
    { ROLE: 'SNOWGATE_DEV_SNOWFLAKE', SAID: 'Hello, Zoë' },
    { ROLE: 'SNOWGATE_DEV_SNOWFLAKE', SAID: 'Hello!' },
  ])
  await close(connection)
})
