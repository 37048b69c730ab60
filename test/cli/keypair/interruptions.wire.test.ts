import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createKeyPair } from '../../../cli/keypair/create-key-pair.ts'
import { finishRotation } from '../../../cli/keypair/finish-rotation.ts'
import type { KeypairContext, KeypairResult } from '../../../cli/keypair/keypair-context.ts'
import { rotateKeyPair } from '../../../cli/keypair/rotate-key-pair.ts'
import type { KeyPairLogin } from '../../../shared/snowflake/index.ts'
import { type KeypairStack, nextParameterName, startKeypairStack } from './keypair-stack.ts'

let keypairStack: KeypairStack

before(async () => {
  keypairStack = await startKeypairStack()
})
after(() => keypairStack.stack.stop())

const quarterOfAnHour = 15 * 60_000
const cutOff = new Error('cut off')

const moments = ['before', 'behind'] as const

/** Everything after so many effects fails: the next one before it takes effect, or when it has and its answer is lost. */
const cutAfter = (effects: number, where: (typeof moments)[number], { store, runSql, ...context }: KeypairContext) => {
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
    ...context,
    store: { ...store, create: cut(store.create), replace: cut(store.replace), remove: cut(store.remove) },
    runSql:
      runSql &&
      ((statement: string) =>
        (statement.startsWith('ALTER') ? altered : runSql)?.(statement) ?? Promise.reject(cutOff)),
    wasCut: () => left < 0,
  }
}

type Flow = (login: KeyPairLogin, context: KeypairContext) => Promise<KeypairResult>

const noOptions = { registered: false, now: false }
const first: Flow = async (login, context) => createKeyPair(await keypairStack.stored(login), login, context)
const rotate: Flow = async (login, context) =>
  rotateKeyPair(await keypairStack.stored(login), login, noOptions, context)
const finishFlow: Flow = async (login, context) =>
  finishRotation(await keypairStack.stored(login), login, noOptions, context)

/** Somebody runs each statement that is handed out, and gives the command again. */
const manualChange =
  (flow: Flow): Flow =>
  async (login, { runSql, ...context }) => {
    for (;;) {
      const outcome = await flow(login, { ...context, runSql: undefined })
      for (const statement of outcome.statements) await runSql?.(statement)
      if (outcome.nextStep?.flags.join() !== '--rotate') return outcome
    }
  }

const firstFlows: readonly (readonly [string, Flow])[] = [
  ['statements run by the command', first],
  ['statements run manually', manualChange(first)],
]

for (const [how, flow] of firstFlows) {
  for (const where of moments) {
    test(`creating a pair resumes after an interruption at any effect: ${how}, ${where} the effect`, async () => {
      for (let effects = 0, wasCut = true; wasCut; effects++) {
        const { login } = await keypairStack.newLogin()
        const context = await keypairStack.contextFor(login)
        const cut = cutAfter(effects, where, context)
        await flow(login, cut).catch((error: unknown) => assert.equal(error, cutOff))
        const [passphrase, key] = [
          await keypairStack.secret(login.passphrase),
          await keypairStack.secret(login.privateKey),
        ]

        const { publicHalf } = await flow(login, context)
        await keypairStack.coldLogin(login)
        assert.deepEqual(await keypairStack.fingerprints(login), [publicHalf.fingerprint, 'null'])
        // Nothing that was stored before the cut was stored again.
        if (passphrase !== undefined) assert.equal(await keypairStack.secret(login.passphrase), passphrase)
        if (key !== undefined) assert.equal(await keypairStack.secret(login.privateKey), key)
        wasCut = cut.wasCut()
        if (!wasCut) assert.equal(effects, 3)
      }
    })
  }
}

const rotations: readonly (readonly [string, Flow])[] = [
  ['statements run by the command', rotate],
  ['statements run manually', manualChange(rotate)],
]

const rotatedKey = async (login: KeyPairLogin) => {
  const { current } = await keypairStack.stored(login)
  return current && 'publicHalf' in current ? current.publicHalf : undefined
}

const isThrough = async (login: KeyPairLogin, old: KeypairResult): Promise<boolean> =>
  (await keypairStack.secret(nextParameterName(login))) === undefined &&
  (await rotatedKey(login))?.fingerprint !== old.publicHalf.fingerprint

for (const [how, flow] of rotations) {
  for (const where of moments) {
    test(`a rotation interrupted at any effect rejects no login, and resumes: ${how}, ${where} the effect`, async () => {
      for (let effects = 0, wasCut = true; wasCut; effects++) {
        const { login } = await keypairStack.newLogin()
        const context = await keypairStack.contextFor(login)
        const old = await first(login, context)
        const warm = await keypairStack.reader(login).getPrivateKey(AbortSignal.timeout(10_000))
        const logInBoth = () => Promise.all([keypairStack.coldLogin(login), keypairStack.logIn(login, warm)])

        const cut = cutAfter(effects, where, context)
        await flow(login, cut).catch((error: unknown) => assert.equal(error, cutOff))
        await logInBoth()

        // Once it is through, the command would begin another, which has to wait for this one.
        if (await isThrough(login, old)) await assert.rejects(flow(login, context), /--finish|--now/)
        else await flow(login, context)
        await logInBoth()
        const publicKey = (await rotatedKey(login)) ?? assert.fail('no key is stored')
        assert.deepEqual(await keypairStack.fingerprints(login), [publicKey.fingerprint, old.publicHalf.fingerprint])
        assert.equal(await keypairStack.secret(nextParameterName(login)), undefined)
        assert.equal((await keypairStack.stored(login)).passphrase, old.pair.passphrase)

        const later = { ...context, now: () => new Date(Date.now() + quarterOfAnHour) }
        await assert.rejects(finishFlow(login, context), /Functions may use the previous key until /)
        await logInBoth()
        await finishFlow(login, later)
        await keypairStack.coldLogin(login)
        assert.deepEqual(await keypairStack.fingerprints(login), [publicKey.fingerprint, 'null'])
        await assert.rejects(keypairStack.logIn(login, warm), /JWT token is invalid/)
        wasCut = cut.wasCut()
        if (!wasCut) assert.equal(effects, 4)
      }
    })
  }
}
