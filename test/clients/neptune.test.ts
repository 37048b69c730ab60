import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { z } from 'zod'
import { type RunningStack, runningStack } from '../local/running-stack.ts'
import { runProgram } from '../run-program.ts'
import type { ClientCredentials } from './client-call.ts'
import { credentialVariables } from './credential-variables.ts'
import { preparePython, pythonBin } from './python-environment.ts'

const region = 'ap-northeast-1'
const assumeRoleOutput = z.object({
  Credentials: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() }),
})

let stack: RunningStack
let graph: string

before(async () => {
  preparePython()
  stack = await runningStack()
  const targets = (await (await fetch(`${stack.url}/_snowgate/targets`)).json()) as { graph: string }
  graph = targets.graph
})
after(() => stack.stop())

/** As a user does it: the AWS CLI gets the session, awscurl signs with it. */
const assumeReader = async (externalId: string) => {
  const { accessKeyId, secretAccessKey } = await stack.identity('admin')
  const role = 'arn:aws:iam::333333333333:role/NeptuneReader'
  const roleOptions = ['--role-arn', role, '--role-session-name', 'me', '--external-id', externalId]
  return runProgram(join(pythonBin, 'aws'), ['sts', 'assume-role', ...roleOptions, '--duration-seconds', '1800'], {
    env: {
      ...credentialVariables({ accessKeyId, secretAccessKey }),
      AWS_ENDPOINT_URL: stack.url,
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
    },
  })
}

const getStatus = async (keys: ClientCredentials, service: string) => {
  const args = ['--service', service, '--region', region, `${graph}/status`]
  return (await runProgram(join(pythonBin, 'awscurl'), args, { env: credentialVariables(keys) })).stdout
}

const reader = async (): Promise<ClientCredentials> => {
  const { stdout, stderr } = await assumeReader('graph-7f3c')
  assert.equal(stderr, '')
  const { AccessKeyId, SecretAccessKey, SessionToken } = assumeRoleOutput.parse(JSON.parse(stdout)).Credentials
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

test('awscurl gets the status of Neptune with the role of another account', async () => {
  assert.equal(JSON.parse(await getStatus(await reader(), 'neptune-db')).status, 'healthy')
})

test('Neptune rejects a signature for another service, and another signer', async () => {
  assert.match(await getStatus(await reader(), 'execute-api'), /Credential should be scoped to correct service/)
  const { accessKeyId, secretAccessKey } = await stack.identity('stranger')
  assert.match(await getStatus({ accessKeyId, secretAccessKey }, 'neptune-db'), /AccessDenied/)
})

test('STS rejects a wrong external id', async () => {
  const { code, stderr } = await assumeReader('another-id')
  assert.notEqual(code, 0)
  assert.match(stderr, /An error occurred \(AccessDenied\) when calling the AssumeRole operation/)
})
