import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { runningStack } from '../local/running-stack.ts'
import { clients } from './all-clients.ts'
import { changeBody, dropSignature, startRelay } from './altering-relay.ts'
import type { Client, ClientCall } from './client-call.ts'
import { preparePython } from './python-environment.ts'
import { type RejectionCase, rejectionCases, type TestStacks, withCallerRole } from './rejection-cases.ts'
import { sdkJs } from './sdk-js.ts'
import { vectorizedUdf } from './udf.ts'

const accessMap = 'test/clients/access.yml'
const sixMinutes = 6 * 60_000

let stacks: TestStacks
let stop: () => Promise<void>

before(async () => {
  preparePython()
  const stack = await runningStack({ accessMap })
  const clockAhead = await runningStack({ accessMap, now: () => new Date(Date.now() + sixMinutes) })
  const changing = await startRelay(stack.url, changeBody)
  const unsigning = await startRelay(stack.url, dropSignature)
  stacks = { stack, clockAhead, relays: { changing: changing.url, unsigning: unsigning.url } }
  stop = async () => {
    changing.stop()
    unsigning.stop()
    await Promise.all([stack.stop(), clockAhead.stop()])
  }
})
after(() => stop())

const toClientCall = (client: Client, prepared: Partial<ClientCall> & Pick<ClientCall, 'keys'>): ClientCall => ({
  endpoint: stacks.stack.url,
  path: '/dev/hello',
  functionName: 'snowgate-dev-hello',
  region: 'eu-central-1',
  service: client.calls,
  ...prepared,
})

const rejectionFor = (client: Client, { atApi, atLambda }: RejectionCase) =>
  client.calls === 'lambda' ? atLambda : atApi

for (const client of [...clients, vectorizedUdf]) {
  describe(client.name, () => {
    it('is allowed', async () => {
      const call = toClientCall(
        client,
        await withCallerRole(stacks.stack, client.calls === 'lambda' ? 'analytics' : identityFor(client)),
      )
      const { status = 200, errorType, message } = await client.run(call)
      assert.deepEqual({ status, errorType }, { status: 200, errorType: undefined })
      assert.equal(
        message,
        client.calls === 'lambda' ? '{"statusCode":200,"body":"\\"Hello, Alice\\""}' : '"Hello, Alice"',
      )
    })

    for (const one of rejectionCases) {
      const rejection = rejectionFor(client, one)
      const skipReason = client.unsupportedCases?.[one.name]
      it(`is rejected: ${one.name}`, { ...(skipReason !== undefined && { skip: skipReason }) }, async () => {
        assert.ok(rejection, `${one.name} has no rejection for a client of ${client.calls}`)
        const outcome = await client.run(toClientCall(client, await one.prepare(stacks)))
        assert.match(outcome.message, rejection.message)
        for (const field of ['status', 'errorType'] as const) {
          if (client.reportedFields.includes(field) || outcome[field] !== undefined)
            assert.equal(outcome[field], rejection[field])
        }
      })
    }
  })
}

it(`${sdkJs.name} is allowed although its clock is six minutes off`, async () => {
  const { clockAhead } = stacks
  const call = toClientCall(sdkJs, { ...(await withCallerRole(clockAhead, 'analytics')), endpoint: clockAhead.url })
  const before = clockAhead.log.length
  const { status, message } = await sdkJs.run(call)
  const rejectedLines = clockAhead.log.slice(before).filter((line) => /^403 DENY +lambda /.test(line))
  assert.equal(rejectedLines.length, 1, 'it is rejected once, and signs again')
  assert.deepEqual({ status, message }, { status: 200, message: '{"statusCode":200,"body":"\\"Hello, Alice\\""}' })
})

/** Snowflake's UDF has Snowflake's keys, all other clients those of the other account. */
const identityFor = ({ name }: Client) => (name.startsWith('Snowflake') ? 'snowflake' : 'analytics')
