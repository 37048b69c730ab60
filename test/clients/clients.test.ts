import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { runningStack } from '../local/running-stack.ts'
import { type Case, cases, through, type Worlds } from './cases.ts'
import { clients } from './clients.ts'
import type { Client, Journey } from './journey.ts'
import { preparePython } from './python-environment.ts'
import { changeTheBody, dropTheSignature, startRelay } from './relay.ts'
import { sdkJs } from './sdk-js.ts'
import { vectorizedUdf } from './udf.ts'

const accessMap = 'test/clients/access.yml'
const sixMinutes = 6 * 60_000

let worlds: Worlds
let stop: () => Promise<void>

before(async () => {
  preparePython()
  const stack = await runningStack({ accessMap })
  const ahead = await runningStack({ accessMap, now: () => new Date(Date.now() + sixMinutes) })
  const changing = await startRelay(stack.url, changeTheBody)
  const unsigning = await startRelay(stack.url, dropTheSignature)
  worlds = { stack, ahead, relays: { changing: changing.url, unsigning: unsigning.url } }
  stop = async () => {
    changing.stop()
    unsigning.stop()
    await Promise.all([stack.stop(), ahead.stop()])
  }
})
after(() => stop())

const journeyOf = (client: Client, prepared: Partial<Journey> & Pick<Journey, 'keys'>): Journey => ({
  endpoint: worlds.stack.url,
  path: '/dev/hello',
  functionName: 'snowgate-dev-hello',
  region: 'eu-central-1',
  service: client.calls,
  ...prepared,
})

const refusalOf = (client: Client, { atApi, atLambda }: Case) => (client.calls === 'lambda' ? atLambda : atApi)

for (const client of [...clients, vectorizedUdf]) {
  describe(client.name, () => {
    it('gets through', async () => {
      const journey = journeyOf(
        client,
        await through(worlds.stack, client.calls === 'lambda' ? 'analytics' : caller(client)),
      )
      const { status = 200, errorType, words } = await client.travel(journey)
      assert.deepEqual({ status, errorType }, { status: 200, errorType: undefined })
      assert.equal(
        words,
        client.calls === 'lambda' ? '{"statusCode":200,"body":"\\"Hello, Alice\\""}' : '"Hello, Alice"',
      )
    })

    for (const one of cases) {
      const refusal = refusalOf(client, one)
      const excuse = client.cannot?.[one.name]
      it(`is refused: ${one.name}`, { ...(excuse !== undefined && { skip: excuse }) }, async () => {
        assert.ok(refusal, `${one.name} has no refusal for a client of ${client.calls}`)
        const outcome = await client.travel(journeyOf(client, await one.prepare(worlds)))
        assert.match(outcome.words, refusal.words)
        for (const what of ['status', 'errorType'] as const) {
          if (client.shows.includes(what) || outcome[what] !== undefined) assert.equal(outcome[what], refusal[what])
        }
      })
    }
  })
}

it(`${sdkJs.name} gets through although its clock is six minutes off`, async () => {
  const { ahead } = worlds
  const journey = journeyOf(sdkJs, { ...(await through(ahead, 'analytics')), endpoint: ahead.url })
  const before = ahead.log.length
  const { status, words } = await sdkJs.travel(journey)
  const refused = ahead.log.slice(before).filter((line) => line.startsWith('403 refused lambda '))
  assert.equal(refused.length, 1, 'it is refused once, and signs again')
  assert.deepEqual({ status, words }, { status: 200, words: '{"statusCode":200,"body":"\\"Hello, Alice\\""}' })
})

/** Snowflake's UDF comes with Snowflake's keys, everybody else with those of the other account. */
const caller = ({ name }: Client) => (name.startsWith('Snowflake') ? 'snowflake' : 'analytics')
