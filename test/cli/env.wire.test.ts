import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { type RunningStack, runningStack } from '../local/running-stack.ts'
import { runSnowgate } from './run-snowgate.ts'

let stack: RunningStack

before(async () => {
  stack = await runningStack()
})
after(() => stack.stop())

const env = (...args: string[]) => runSnowgate(['env', ...args, '--stack', stack.url])

test('without a name all identities are listed, as text and as JSON', async () => {
  const { stdout } = await env()
  for (const name of ['snowflake', 'analytics', 'reporting', 'analytics@prod', 'admin', 'stranger', 'expired']) {
    assert.match(stdout, new RegExp(`^${name} +\\S`, 'm'))
  }
  const listed: { name: string }[] = JSON.parse((await env('--json')).stdout)
  assert.equal(listed.length, stdout.trim().split('\n').length)
})

test('--json has everything that a program needs to act as the identity', async () => {
  const printed = JSON.parse((await env('snowflake', '--json')).stdout)
  assert.deepEqual(printed, await stack.identity('snowflake'))
  assert.deepEqual(Object.keys(printed).sort(), [
    'accessKeyId',
    'accountId',
    'arn',
    'callerRoleArn',
    'description',
    'endpoints',
    'externalId',
    'name',
    'region',
    'secretAccessKey',
    'sessionToken',
  ])
  assert.deepEqual(Object.keys(printed.endpoints), ['api', 'aws', 'snowflake'])
})

test('a shell that evaluates the exports has the identity, and nothing of the previous one', async () => {
  const analytics = await stack.identity('analytics')
  const { stdout: first } = await env('snowflake')
  const { stdout: second } = await env('analytics')
  const script = `${first}\n${second}\nprintf '%s\\n' "$AWS_ACCESS_KEY_ID" "$AWS_SESSION_TOKEN" "$SNOWGATE_API" "$SNOWGATE_CALLER_ROLE_ARN" "\${SNOWGATE_EXTERNAL_ID-unset}"`
  const shell = await promisify(execFile)('sh', ['-c', script])
  assert.deepEqual(shell.stdout.trim().split('\n'), [
    analytics.accessKeyId,
    analytics.sessionToken,
    analytics.endpoints.api,
    analytics.callerRoleArn,
    'unset',
  ])
})

test('an unknown name is rejected with the existing names', async () => {
  const { code, stdout, stderr } = await env('nobody')
  assert.deepEqual([code, stdout], [1, ''])
  assert.match(stderr, /There is no identity "nobody"\. There are: snowflake, /)
})
