import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createLambdaRunner,
  FunctionConfigurationError,
  type LambdaFunction,
} from '../../../../local/services/lambda/index.ts'
import { functionIn, invocation, runFunction, writePackage } from './running-functions.ts'

const counting = `
  import { appendFileSync } from 'node:fs'
  import { setTimeout as sleep } from 'node:timers/promises'
  appendFileSync('loaded', '.')
  let count = 0
  export const handler = async ({ wait = 0 }) => {
    count += 1
    await sleep(wait)
    return { count, pid: process.pid, key: process.env.AWS_ACCESS_KEY_ID, stream: process.env.AWS_LAMBDA_LOG_STREAM_NAME }
  }
`

/** An orphan that ended is a zombie until its new parent reaps it: it is not alive. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Within two seconds. */
const becomesGone = async (pid: number): Promise<boolean> => {
  for (let tries = 0; tries < 100 && isAlive(pid); tries += 1) await sleep(20)
  return !isAlive(pid)
}

describe('environments', { concurrency: 2 }, () => {
  const settle = (results: readonly { readonly payload: string }[]) => results.map(({ payload }) => JSON.parse(payload))

  it('are reused while warm, and load the module once', async (t) => {
    const { invoke, fn } = runFunction(t, { 'index.mjs': counting })
    const cold = await invoke({})
    const warm = [await invoke({}), await invoke({})]
    assert.deepEqual(
      settle([cold, ...warm]).map(({ count }) => count),
      [1, 2, 3],
    )
    assert.equal(readFileSync(join(fn.codeDirectory, 'loaded'), 'utf8'), '.')
    assert.ok(cold.initDurationMs !== undefined && cold.initDurationMs > 0)
    assert.deepEqual(
      warm.map(({ initDurationMs }) => initDurationMs),
      [undefined, undefined],
    )
  })

  it('take one invocation at a time: what comes at once gets environments of its own', async (t) => {
    const { invoke } = runFunction(t, { 'index.mjs': counting })
    const atOnce = settle(await Promise.all([1, 2, 3].map(() => invoke({ wait: 300 }))))
    assert.deepEqual(
      atOnce.map(({ count }) => count),
      [1, 1, 1],
    )
    for (const member of ['pid', 'key', 'stream']) {
      assert.equal(new Set(atOnce.map((result) => result[member])).size, 3, member)
    }
  })

  it('are used again most recently used first', async (t) => {
    const { invoke } = runFunction(t, { 'index.mjs': counting })
    const [, slow] = settle(await Promise.all([invoke({ wait: 100 }), invoke({ wait: 400 })]))
    const later = settle([await invoke({}), await invoke({})])
    assert.deepEqual(
      later.map(({ pid }) => pid),
      [slow.pid, slow.pid],
    )
  })

  it('are as many as allowed; further invocations wait in line', async (t) => {
    const { invoke } = runFunction(t, { 'index.mjs': counting }, { environmentsPerFunction: 2 })
    const results = settle(await Promise.all([1, 2, 3, 4, 5, 6].map(() => invoke({ wait: 30 }))))
    assert.equal(new Set(results.map(({ pid }) => pid)).size, 2)
    assert.equal(Math.max(...results.map(({ count }) => count)) >= 3, true)
  })

  it('give their place in line to a fresh one when they die', async (t) => {
    const dying = 'export const handler = () => process.exit(1)'
    const { invoke } = runFunction(t, { 'index.mjs': dying }, { environmentsPerFunction: 1 })
    const results = await Promise.all([1, 2, 3].map(() => invoke({})))
    assert.deepEqual(
      results.map(({ errorType }) => errorType),
      ['Runtime.ExitError', 'Runtime.ExitError', 'Runtime.ExitError'],
    )
  })

  it('are renewed before their credentials run out', async (t) => {
    let time = Date.parse('2026-11-23T08:00:00Z')
    const { invoke } = runFunction(
      t,
      { 'index.mjs': counting },
      { timeout: 30, now: () => new Date(time), expiration: () => new Date(time + 3_600_000) },
    )
    const before = settle([await invoke({}), await invoke({})])
    time += 3_600_000 - 91_000
    const justEnough = settle([await invoke({})])
    time += 2_000
    const after = settle([await invoke({})])
    assert.deepEqual(
      [...before, ...justEnough, ...after].map(({ count, key }) => [count, key]),
      [
        [1, 'ASIAEXAMPLE1'],
        [2, 'ASIAEXAMPLE1'],
        [3, 'ASIAEXAMPLE1'],
        [1, 'ASIAEXAMPLE2'],
      ],
    )
  })

  it('that die while idle are not used again', async (t) => {
    const leaving = 'setTimeout(() => process.exit(5), 150); export const handler = () => process.pid'
    const { invoke } = runFunction(t, { 'index.mjs': leaving })
    const first = await invoke({})
    await sleep(600)
    const second = await invoke({})
    assert.equal(second.functionError, undefined)
    assert.notEqual(second.payload, first.payload)
  })

  it('keep work left over, which goes on', async (t) => {
    const leaving = `let done = 0
      export const handler = () => { const was = done; setTimeout(() => { done += 1 }, 5); return was }`
    const { invoke } = runFunction(t, { 'index.mjs': leaving })
    assert.equal((await invoke({})).payload, '0')
    await sleep(200)
    assert.equal((await invoke({})).payload, '1')
  })
})

describe('what cannot be run is rejected when the runner is made', () => {
  const create = (given: Partial<LambdaFunction>) =>
    createLambdaRunner({
      functions: [functionIn('/nowhere', given), functionIn('/nowhere', { name: 'fine' })],
      region: 'eu-central-1',
      credentialsFor: () => assert.fail('no environment is started'),
      endpointVariables: () => ({}),
      log: () => {},
      now: () => new Date(),
    })

  const cases = [
    {
      claim: 'another runtime',
      given: { runtime: 'python3.13' },
      message: 'hello: the local stack runs nodejs24.x and not python3.13',
    },
    {
      claim: 'reserved variables',
      given: { environment: { STAGE: 'dev', AWS_REGION: 'x', _HANDLER: 'y' } },
      message:
        'hello: Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION, _HANDLER',
    },
    {
      claim: 'both at once are both named',
      given: { runtime: 'nodejs22.x', environment: { LAMBDA_TASK_ROOT: '/' } },
      message:
        'hello: the local stack runs nodejs24.x and not nodejs22.x\nhello: Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: LAMBDA_TASK_ROOT',
    },
  ]
  for (const { claim, given, message } of cases) {
    it(claim, () => {
      assert.throws(
        () => create(given),
        (error) => error instanceof FunctionConfigurationError && error.message === message,
      )
    })
  }
})

describe('what is no fault of a function rejects', () => {
  it('an unknown name', async (t) => {
    const { runner } = runFunction(t, {})
    for (const name of ['other', '__proto__', '']) {
      await assert.rejects(runner.invoke(name, invocation({})), {
        name: 'TypeError',
        message: `the local stack has no function ${name}`,
      })
    }
  })

  it('a package that is not there', async (t) => {
    const { invoke } = runFunction(t, {}, { codeDirectory: '/nowhere' })
    await assert.rejects(invoke({}), { message: /^the local stack cannot start hello in \/nowhere: spawn .* ENOENT$/ })
  })
})

describe('stop', () => {
  it('leaves no process, neither idle nor busy nor started by a function', async (t) => {
    const spawning = `
      import { spawn } from 'node:child_process'
      import { setTimeout as sleep } from 'node:timers/promises'
      const { pid } = spawn('sleep', ['60'])
      export const handler = async ({ wait }) => {
        console.log('pids', JSON.stringify([process.pid, pid]))
        if (wait) for (;;) {}
        await sleep(100)
      }`
    const { invoke, runner, log } = runFunction(t, { 'index.mjs': spawning }, { timeout: 60 })
    const busy = invoke({ wait: true })
    await invoke({})
    while (log.filter(({ line }) => line.includes('pids')).length < 2) await sleep(10)
    const pids = log.flatMap(({ line }): number[] => JSON.parse(/pids (.*)$/.exec(line)?.[1] ?? '[]'))
    assert.equal(pids.length, 4)
    assert.deepEqual(pids.map(isAlive), [true, true, true, true])

    await runner.stop()
    assert.deepEqual(await Promise.all(pids.map(becomesGone)), [true, true, true, true])
    assert.equal((await busy).errorType, 'Runtime.ExitError')
  })

  it('rejects waiting and later invocations', async (t) => {
    const { invoke, runner } = runFunction(t, { 'index.mjs': counting }, { environmentsPerFunction: 1 })
    await invoke({})
    const busy = invoke({ wait: 5_000 })
    const waiting = assert.rejects(invoke({}), { message: 'the local stack is stopping' })
    await runner.stop()
    await waiting
    assert.equal((await busy).errorType, 'Runtime.ExitError')
    await assert.rejects(invoke({}), { message: 'the local stack is stopping' })
  })

  it('starts nothing anew while an environment initializes', async (t) => {
    const { invoke, runner } = runFunction(t, { 'index.mjs': 'await new Promise((r) => setTimeout(r, 5000))' })
    const early = assert.rejects(invoke({}), { message: 'the local stack is stopping' })
    await sleep(50)
    await runner.stop()
    await early
  })

  it('may be called twice, and before anything was started', async (t) => {
    const { runner } = runFunction(t, {})
    await Promise.all([runner.stop(), runner.stop()])
  })
})

describe('when the stack dies its environments die', { concurrency: 3 }, () => {
  const crashes = [
    { claim: 'killed outright', end: 'process.kill(process.pid, "SIGKILL")', loops: false },
    { claim: 'by an exception, a function in an endless loop', end: 'throw new Error("defect")', loops: true },
    { claim: 'by exiting, a function in an endless loop', end: 'process.exit(0)', loops: true },
  ]
  for (const { claim, end, loops } of crashes) {
    it(claim, async (t) => {
      const directory = writePackage(t, {
        'index.mjs': `export const handler = ({ loop }) => { console.log('pid', process.pid); if (loop) for (;;) {} }`,
        'stack.mjs': `
          import { createLambdaRunner } from ${JSON.stringify(new URL('../../../../local/services/lambda/index.ts', import.meta.url).href)}
          const runner = createLambdaRunner({
            functions: [${JSON.stringify(functionIn('.', { timeout: 60 }))}],
            region: 'eu-central-1',
            credentialsFor: () => ({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c', expiration: new Date(Date.now() + 3600000) }),
            endpointVariables: () => ({}),
            log: ({ line }) => {
              const [, pid] = /pid (\\d+)$/.exec(line) ?? []
              if (pid) process.stdout.write(pid, () => setTimeout(() => { ${end} }, 50))
            },
            now: () => new Date(),
          })
          runner.invoke('hello', ${JSON.stringify(invocation({ loop: loops }))})
        `,
      })
      const stack = spawn(process.execPath, ['stack.mjs'], { cwd: directory, stdio: ['ignore', 'pipe', 'ignore'] })
      const ended = once(stack, 'exit')
      const [pid] = await once(stack.stdout, 'data')
      assert.equal(isAlive(Number(pid)), true)
      await ended
      assert.equal(await becomesGone(Number(pid)), true)
    })
  }
})
