import assert from 'node:assert/strict'
import type { KeyObject } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type KeyPairLogin, toSnowflakePublicKey } from '../../../shared/snowflake/index.ts'
import { frozenDependencies, longTimeout } from '../../shared/aws/retry-dependencies.ts'
import { type KeypairStack, startKeypairStack } from './keypair-stack.ts'

let keypairStack: KeypairStack

before(async () => {
  keypairStack = await startKeypairStack()
})
after(() => keypairStack.stack.stop())

const minute = 60_000
const fingerprintOf = (key: KeyObject) => toSnowflakePublicKey(key).fingerprint

/** Functions that log in without a pause: one that starts anew for each login, and one that stays and has a clock of its own. */
const startTraffic = (login: KeyPairLogin) => {
  const { dependencies, forward } = frozenDependencies()
  const stays = keypairStack.reader(login, dependencies)
  const logins = { cold: [] as string[], warm: [] as string[] }
  const rejections: unknown[] = []
  let isOver = false
  const keepLoggingIn = async (kind: keyof typeof logins, key: () => Promise<KeyObject>) => {
    while (!isOver) {
      try {
        const current = await key()
        await keypairStack.logIn(login, current)
        logins[kind].push(fingerprintOf(current))
      } catch (error) {
        rejections.push(error)
      }
    }
  }
  const all = Promise.all([
    keepLoggingIn('cold', () => keypairStack.reader(login).getPrivateKey(longTimeout())),
    keepLoggingIn('warm', () => stays.getPrivateKey(longTimeout())),
  ])
  return {
    forward,
    logins,
    rejections,
    /** Until both have logged in with the key, and once more. */
    until: async (kind: keyof typeof logins, fingerprint: string) => {
      const from = logins[kind].length
      const hasLoggedIn = () => logins[kind].slice(from).filter((one) => one === fingerprint).length >= 2
      while (!hasLoggedIn() && rejections.length === 0) await setTimeout(10)
    },
    stop: async () => {
      isOver = true
      await all
    },
  }
}

type Step = (access: string, ...flags: string[]) => Promise<void>

const run: Step = async (access, ...flags) => {
  const { code, stderr } = await keypairStack.keypair(access, ...flags, '--run')
  assert.equal(code, 0, stderr)
}

/** Statements go from standard output into Snowflake, and the command is given again. */
const runManually: Step = async (access, ...flags) => {
  for (const isAgain of [false, true]) {
    const { code, stdout, stderr } = await keypairStack.keypair(access, ...flags)
    assert.equal(code, 0, stderr)
    const statements = stdout.split('\n').filter((line) => line.startsWith('ALTER'))
    assert.equal(statements.length > 0, !isAgain)
    for (const statement of statements) await keypairStack.runSql(statement)
    if (!flags.includes('--rotate')) return
  }
}

for (const [how, step] of [
  ['by the command', run],
  ['manually', runManually],
] as const) {
  test(`a rotation, its statements run ${how}, rejects no login before, during, between and after its steps`, async () => {
    const { login, access } = await keypairStack.newLogin()
    await step(access, '--bits', '2048')
    const traffic = startTraffic(login)
    const stored = async () => fingerprintOf(await keypairStack.reader(login).getPrivateKey(longTimeout()))

    const old = await stored()
    await traffic.until('cold', old)
    await traffic.until('warm', old)
    await step(access, '--rotate', '--bits', '2048')
    const next = await stored()
    assert.notEqual(next, old)
    await traffic.until('cold', next)
    traffic.forward(14 * minute)
    await traffic.until('warm', old)
    traffic.forward(minute)
    await traffic.until('warm', next)
    await step(access, '--finish', '--now')
    assert.deepEqual(await keypairStack.fingerprints(login), [next, 'null'])
    await traffic.until('cold', next)
    await traffic.until('warm', next)

    await traffic.stop()
    assert.deepEqual(traffic.rejections, [])
    for (const kind of ['cold', 'warm'] as const) assert.deepEqual([...new Set(traffic.logins[kind])], [old, next])
  })
}

test('a function that was idle during a rotation is rejected once, and uses the new key for its next attempt', async () => {
  const { login, access } = await keypairStack.newLogin()
  await run(access, '--bits', '2048')
  const { dependencies, forward } = frozenDependencies()
  const sleeper = keypairStack.reader(login, dependencies)
  const old = await sleeper.getPrivateKey(longTimeout())
  await run(access, '--rotate', '--bits', '2048')
  await run(access, '--finish', '--now')
  forward(60 * minute)
  const late = await sleeper.getPrivateKey(longTimeout())
  assert.ok(late.equals(old))
  await assert.rejects(keypairStack.logIn(login, late), /JWT token is invalid/)
  const next = await sleeper.getReplacement(late, longTimeout())
  assert.ok(next && !next.equals(old))
  await keypairStack.logIn(login, next)
})

test('one rotation after another ends with one key, and each begins when the one before has ended', async () => {
  const { login, access } = await keypairStack.newLogin()
  await run(access, '--bits', '2048')
  const keys = new Set<unknown>()
  for (let turn = 0; turn < 3; turn++) {
    await run(access, '--rotate', '--bits', '2048')
    const early = await keypairStack.keypair(access, '--rotate', '--bits', '2048', '--run')
    assert.equal(early.code, 1)
    assert.match(early.stderr, /has another key as RSA_PUBLIC_KEY_2, SHA256:.*Nothing was changed\.\n.*--finish/)
    await run(access, '--finish', '--now')
    const [first, second] = await keypairStack.fingerprints(login)
    assert.equal(second, 'null')
    keys.add(first)
    await keypairStack.coldLogin(login)
  }
  assert.equal(keys.size, 3)
})
