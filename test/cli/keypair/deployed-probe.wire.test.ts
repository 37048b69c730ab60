import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { sign } from '../../local/running-stack.ts'
import { type KeypairStack, startKeypairStack } from './keypair-stack.ts'

let keypairStack: KeypairStack

before(async () => {
  keypairStack = await startKeypairStack({ path: '/snowflake-probe' })
})
after(() => keypairStack.stack.stop())

/** The function as it would be deployed, with its role and nothing more, called through the API. */
const probe = async () => {
  const { stack } = keypairStack
  const sent = { path: '/dev/snowflake-probe', body: '{}' }
  const { status, body } = await stack.send(sign(sent, await stack.identity('reporting'), { host: stack.host }))
  return { status, body: JSON.parse(body) }
}

const keypair = async (...flags: string[]): Promise<string> => {
  const { code, stdout, stderr } = await keypairStack.keypair(keypairStack.deployedMap, '--run', ...flags)
  assert.equal(code, 0, stderr)
  return stdout.trim()
}

test('the deployed function logs in with the pair, under a key of KMS, before, in and after a rotation', async () => {
  const { user } = keypairStack.deployed
  const logsInWith = async (fingerprint: string) => {
    const { status, body } = await probe()
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual([body.user, body.identity], [user, `${user} with the key ${fingerprint}`])
  }

  assert.deepEqual((await probe()).body.error.code, 'SECRET_NOT_FOUND')
  await keypairStack.runSql(`CREATE USER ${user} TYPE = SERVICE`)
  const old = await keypair('--bits', '2048')
  await logsInWith(old)
  const next = await keypair('--rotate', '--bits', '2048')
  // It is warm, and keeps its key for a quarter of an hour.
  await logsInWith(old)
  // A key that was read less than ten seconds ago is not read again after a rejection.
  await setTimeout(10_500)
  await keypair('--finish', '--now')
  // Snowflake rejects the old key; within the same request it has read the new one.
  await logsInWith(next)
})
