import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { ConnectionOptions } from 'snowflake-sdk'
import { type RunningStack, runningStack } from './running-stack.ts'
import { connect, type Driver, failureOf, loadDriver, query } from './snowflake-server/node-driver.ts'

let stack: RunningStack
let driver: Driver

before(async () => {
  stack = await runningStack()
  driver = await loadDriver()
})
after(() => stack.stop())

const become = async (name: string) => {
  const { accessKeyId, secretAccessKey, sessionToken } = await stack.identity(name)
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey })
  delete process.env['AWS_SESSION_TOKEN']
  if (sessionToken !== null) process.env['AWS_SESSION_TOKEN'] = sessionToken
}

const byWorkloadIdentity = (): ConnectionOptions => ({
  account: 'ABC12345',
  accessUrl: stack.url,
  authenticator: 'WORKLOAD_IDENTITY',
  workloadIdentityProvider: 'AWS',
})

test('a role of the map logs in to the Snowflake of the stack with the official driver, and nobody else does', async () => {
  const sql = `CREATE USER analytics_service TYPE = SERVICE DEFAULT_ROLE = PUBLIC
    WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::222222222222:role/LambdaRoleDeve')`
  const body = JSON.stringify({ session: 'test', sql })
  const created = await stack.send({ path: '/_snowgate/statements', body })
  assert.deepEqual(JSON.parse(created.body).failure, undefined)

  await become('analytics')
  const connection = await connect(driver, byWorkloadIdentity())
  const { rows } = await query(connection, 'SELECT CURRENT_USER() AS who')
  assert.deepEqual(rows, [{ WHO: 'ANALYTICS_SERVICE' }])
  await new Promise((resolve) => connection.destroy(resolve))

  await become('stranger')
  const { message } = await failureOf(connect(driver, byWorkloadIdentity()))
  assert.match(message, /Unable to find an associated Snowflake user for the verified AWS Caller Identity/)
  assert.ok(stack.log.some((line) => line.includes(' refused snowflake ')))
})
