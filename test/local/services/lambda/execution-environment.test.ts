import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createExecutionEnvironment } from '../../../../local/services/lambda/execution-environment.ts'
import type { LogEntry } from '../../../../local/services/lambda/index.ts'
import type { InvocationMessage, RuntimeReport } from '../../../../local/services/lambda/runtime/runtime-channel.ts'
import type { Sandbox, SandboxOutcome } from '../../../../local/services/lambda/sandbox.ts'
import { functionIn, invocation } from './running-functions.ts'

const memory = 50
const ready: RuntimeReport = { kind: 'ready', memory }
const failed: RuntimeReport = { kind: 'init error', error: { errorType: 'Error', errorMessage: 'no' }, memory }
const answer: RuntimeReport = { kind: 'response', payload: '"hello"', memory }

/** An environment whose processes say what the script of each has, and what was asked of them. */
const scripted = (scripts: readonly (readonly SandboxOutcome[])[], timeout = 3) => {
  const waits: number[] = []
  const orders: InvocationMessage[] = []
  const log: LogEntry[] = []
  let killed = 0
  const processes = scripts.map((outcomes) => outcomes.values())
  const startSandbox = (): Sandbox => {
    const outcomes = processes.shift() ?? assert.fail('one process too many')
    let alive = true
    return {
      send: (order) => orders.push(order),
      next: async (withinMs) => {
        waits.push(withinMs)
        const outcome = outcomes.next().value ?? assert.fail('nothing more to say')
        if (outcome.kind === 'timeout' || outcome.kind === 'exit') alive = false
        return outcome
      },
      alive: () => alive,
      kill: async () => {
        alive = false
        killed += 1
      },
    }
  }
  const environment = createExecutionEnvironment(functionIn('/nowhere', { timeout }), {
    startSandbox,
    credentialsExpire: new Date('2026-11-23T12:00:00Z'),
    log: (entry) => log.push(entry),
    now: () => new Date('2026-11-23T08:00:00Z'),
  })
  return { environment, waits, orders, log, killed: () => killed }
}

const within = (value: number | undefined, low: number, high: number) =>
  assert.ok(value !== undefined && value >= low && value <= high, `${value} in ${low}…${high}`)

describe('the first initialization', () => {
  it('has ten seconds, whatever the timeout of the function', async () => {
    const { environment, waits } = scripted([[ready, answer]])
    const result = await environment.invoke(invocation({}))
    assert.equal(waits[0], 10_000)
    within(waits[1], 2_900, 3_000)
    within(result.initDurationMs, 0, 1_000)
    assert.equal(result.payload, '"hello"')
  })

  const seconds: { readonly claim: string; readonly first: SandboxOutcome; readonly line: RegExp }[] = [
    {
      claim: 'that overran is done again in the time of the invocation',
      first: { kind: 'timeout' },
      line: /^INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: timeout$/,
    },
    {
      claim: 'that failed is done again in the time of the invocation',
      first: failed,
      line: /^INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: error\tError Type: Error$/,
    },
    {
      claim: 'that exited is done again in the time of the invocation',
      first: { kind: 'exit', code: 0, signal: null },
      line: /^INIT_REPORT Init Duration: \d+\.\d\d ms\tPhase: init\tStatus: error\tError Type: Runtime\.ExitError$/,
    },
  ]
  for (const { claim, first, line } of seconds) {
    it(claim, async () => {
      const { environment, waits, orders, log, killed } = scripted([[first], [ready, answer]])
      const result = await environment.invoke(invocation({}))
      assert.deepEqual([result.payload, result.functionError, result.initDurationMs], ['"hello"', undefined, undefined])
      assert.equal(waits[0], 10_000)
      within(waits[1], 2_900, 3_000)
      within(orders[0]?.remainingMs, 2_900, 3_000)
      assert.equal(killed(), 1)
      assert.match(log[0]?.line ?? '', line)
      assert.equal(environment.usable(), true)
    })
  }

  it('whose second attempt overruns too is a timeout of the function', async () => {
    const { environment, orders } = scripted([[{ kind: 'timeout' }], [{ kind: 'timeout' }]])
    const result = await environment.invoke(invocation({}))
    assert.deepEqual(JSON.parse(result.payload), {
      errorType: 'Sandbox.Timedout',
      errorMessage: 'RequestId: 0f1e2d3c-0000-4000-8000-000000000001 Error: Task timed out after 3.00 seconds',
    })
    assert.deepEqual([orders.length, environment.usable()], [0, false])
  })

  it('is not attempted again by an environment that is ending', async () => {
    const { environment } = scripted([[failed]])
    const invoked = environment.invoke(invocation({}))
    await environment.end()
    await assert.rejects(invoked, { message: 'the local stack is stopping' })
  })
})

describe('credentials', () => {
  const cases = [
    { claim: 'that outlast the timeout by more than a minute are good', timeout: 900, hours: 3.7, usable: true },
    { claim: 'that might run out during an invocation are not', timeout: 900, hours: 3.74, usable: false },
    { claim: 'that ran out are not', timeout: 1, hours: 5, usable: false },
  ]
  for (const { claim, timeout, hours, usable } of cases) {
    it(claim, () => {
      const environment = createExecutionEnvironment(functionIn('/nowhere', { timeout }), {
        startSandbox: () => ({
          send: () => {},
          next: () => assert.fail('nothing is invoked'),
          alive: () => true,
          kill: async () => {},
        }),
        credentialsExpire: new Date('2026-11-23T12:00:00Z'),
        log: () => {},
        now: () => new Date(Date.parse('2026-11-23T08:00:00Z') + hours * 3_600_000),
      })
      assert.equal(environment.usable(), usable)
    })
  }
})
