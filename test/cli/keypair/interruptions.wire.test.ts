import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { finish, firstPair, type Means, type Outcome, rotation } from '../../../cli/keypair/index.ts'
import type { KeyPairLogin } from '../../../shared/snowflake/index.ts'
import { type KeypairWorld, nextOf, startKeypairWorld } from './keypair-world.ts'

let world: KeypairWorld

before(async () => {
  world = await startKeypairWorld()
})
after(() => world.stack.stop())

const quarterOfAnHour = 15 * 60_000
const cutOff = new Error('cut off')

const places = ['before', 'behind'] as const

/** Everything after so many effects fails: the next one before it takes effect, or when it has and its answer is lost. */
const cutAfter = (effects: number, where: (typeof places)[number], { store, runSql, ...means }: Means) => {
  let left = effects
  const cut =
    <Given extends unknown[], Result>(effect: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      if (left-- > 0) return effect(...given)
      if (left === -1 && where === 'behind') await effect(...given)
      throw cutOff
    }
  const altered = runSql && cut(runSql)
  return {
    ...means,
    store: { ...store, create: cut(store.create), replace: cut(store.replace), remove: cut(store.remove) },
    runSql:
      runSql &&
      ((statement: string) =>
        (statement.startsWith('ALTER') ? altered : runSql)?.(statement) ?? Promise.reject(cutOff)),
    wasCut: () => left < 0,
  }
}

type Flow = (login: KeyPairLogin, means: Means) => Promise<Outcome>

const said = { registered: false, now: false }
const first: Flow = async (login, means) => firstPair(await world.stored(login), login, means)
const rotate: Flow = async (login, means) => rotation(await world.stored(login), login, said, means)
const end: Flow = async (login, means) => finish(await world.stored(login), login, said, means)

/** Somebody runs each statement that is handed out, and gives the command again. */
const byHand =
  (flow: Flow): Flow =>
  async (login, { runSql, ...means }) => {
    for (;;) {
      const outcome = await flow(login, { ...means, runSql: undefined })
      for (const statement of outcome.statements) await runSql?.(statement)
      if (outcome.next?.flags.join() !== '--rotate') return outcome
    }
  }

const firstFlows: readonly (readonly [string, Flow])[] = [
  ['statements run by the command', first],
  ['statements run by hand', byHand(first)],
]

for (const [how, flow] of firstFlows) {
  for (const where of places) {
    test(`a first pair that was cut off at any effect is gone on with: ${how}, ${where} the effect`, async () => {
      for (let effects = 0, wasCut = true; wasCut; effects++) {
        const { login } = await world.newLogin()
        const means = await world.meansFor(login)
        const cut = cutAfter(effects, where, means)
        await flow(login, cut).catch((error: unknown) => assert.equal(error, cutOff))
        const [passphrase, key] = [await world.secret(login.passphrase), await world.secret(login.privateKey)]

        const { half } = await flow(login, means)
        await world.coldLogin(login)
        assert.deepEqual(await world.fingerprints(login), [half.fingerprint, 'null'])
        // Nothing that was stored before the cut was stored again.
        if (passphrase !== undefined) assert.equal(await world.secret(login.passphrase), passphrase)
        if (key !== undefined) assert.equal(await world.secret(login.privateKey), key)
        wasCut = cut.wasCut()
        if (!wasCut) assert.equal(effects, 3)
      }
    })
  }
}

const rotations: readonly (readonly [string, Flow])[] = [
  ['statements run by the command', rotate],
  ['statements run by hand', byHand(rotate)],
]

const rotatedKey = async (login: KeyPairLogin) => {
  const { current } = await world.stored(login)
  return current && 'half' in current ? current.half : undefined
}

const isThrough = async (login: KeyPairLogin, old: Outcome): Promise<boolean> =>
  (await world.secret(nextOf(login))) === undefined && (await rotatedKey(login))?.fingerprint !== old.half.fingerprint

for (const [how, flow] of rotations) {
  for (const where of places) {
    test(`a rotation that was cut off at any effect lets everybody in, and is gone on with: ${how}, ${where} the effect`, async () => {
      for (let effects = 0, wasCut = true; wasCut; effects++) {
        const { login } = await world.newLogin()
        const means = await world.meansFor(login)
        const old = await first(login, means)
        const warm = await world.reader(login).privateKey(AbortSignal.timeout(10_000))
        const everybody = () => Promise.all([world.coldLogin(login), world.logIn(login, warm)])

        const cut = cutAfter(effects, where, means)
        await flow(login, cut).catch((error: unknown) => assert.equal(error, cutOff))
        await everybody()

        // Once it is through, the command would begin another, which has to wait for this one.
        if (await isThrough(login, old)) await assert.rejects(flow(login, means), /--finish|--now/)
        else await flow(login, means)
        await everybody()
        const half = (await rotatedKey(login)) ?? assert.fail('no key is stored')
        assert.deepEqual(await world.fingerprints(login), [half.fingerprint, old.half.fingerprint])
        assert.equal(await world.secret(nextOf(login)), undefined)
        assert.equal((await world.stored(login)).passphrase, old.pair.passphrase)

        const later = { ...means, now: () => new Date(Date.now() + quarterOfAnHour) }
        await assert.rejects(end(login, means), /Functions may use the previous key until /)
        await everybody()
        await end(login, later)
        await world.coldLogin(login)
        assert.deepEqual(await world.fingerprints(login), [half.fingerprint, 'null'])
        await assert.rejects(world.logIn(login, warm), /JWT token is invalid/)
        wasCut = cut.wasCut()
        if (!wasCut) assert.equal(effects, 4)
      }
    })
  }
}
