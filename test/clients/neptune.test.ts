import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { type RunningStack, runningStack } from '../local/running-stack.ts'
import { runProgram } from '../run-program.ts'
import { environmentOf } from './environment-of.ts'
import type { Keys } from './journey.ts'
import { preparePython, pythonBin } from './python-environment.ts'

const region = 'ap-northeast-1'
const issued = z.object({
  Credentials: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() }),
})

let stack: RunningStack
let graph: string

before(async () => {
  preparePython()
  stack = await runningStack()
  const played = (await (await fetch(`${stack.url}/_snowgate/targets`)).json()) as { graph: string }
  graph = played.graph
})
after(() => stack.stop())

/** As a person does it: the AWS CLI takes the session, awscurl signs with it. */
const assumeReader = async (externalId: string) => {
  const { accessKeyId, secretAccessKey } = await stack.identity('admin')
  const role = 'arn:aws:iam::333333333333:role/NeptuneReader'
  const named = ['--role-arn', role, '--role-session-name', 'me', '--external-id', externalId]
  return runProgram(join(pythonBin, 'aws'), ['sts', 'assume-role', ...named, '--duration-seconds', '1800'], {
    env: {
      ...environmentOf({ accessKeyId, secretAccessKey }),
      AWS_ENDPOINT_URL: stack.url,
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
    },
  })
}

const askStatus = async (keys: Keys, service: string) => {
  const args = ['--service', service, '--region', region, `${graph}/status`]
  return (await runProgram(join(pythonBin, 'awscurl'), args, { env: environmentOf(keys) })).stdout
}

const reader = async (): Promise<Keys> => {
  const { stdout, stderr } = await assumeReader('graph-7f3c')
  assert.equal(stderr, '')
  const { AccessKeyId, SecretAccessKey, SessionToken } = issued.parse(JSON.parse(stdout)).Credentials
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

test('awscurl asks Neptune for its status in the role of another account', async () => {
  assert.equal(JSON.parse(await askStatus(await reader(), 'neptune-db')).status, 'healthy')
})

test('signed for another service, or by somebody who is not the role, Neptune refuses', async () => {
  assert.match(await askStatus(await reader(), 'execute-api'), /Credential should be scoped to correct service/)
  const { accessKeyId, secretAccessKey } = await stack.identity('stranger')
  assert.match(await askStatus({ accessKeyId, secretAccessKey }, 'neptune-db'), /AccessDenied/)
})

test('without the external id that was agreed, STS refuses', async () => {
  const { code, stderr } = await assumeReader('another-id')
  assert.notEqual(code, 0)
  assert.match(stderr, /An error occurred \(AccessDenied\) when calling the AssumeRole operation/)
})
