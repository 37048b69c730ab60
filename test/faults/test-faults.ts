import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { CheckFailure } from '../../cli/checks/finding.ts'
import type { CheckReport } from '../../cli/checks/run-checks.ts'
import { type FaultName, faults } from '../../local/faults/index.ts'
import { applyFix } from './apply-fix.ts'
import { type ConfiguredStack, startConfiguredStack } from './configured-stack.ts'
import { stoppedFault } from './fault-groups.ts'
import { knownGaps } from './known-gaps.ts'
import { symptoms } from './symptoms.ts'

/** Each fault shows, and the doctor names it and nothing else. */
export const testSymptoms = (names: readonly FaultName[]): void =>
  onSharedStack(names, {
    testFault: (name, stack) => {
      test('shows', () => assertSymptom(name, stack()))
      test('is named by the doctor, and nothing else is', skipped(name, 'named'), async () => {
        await namedFailure(name, stack())
      })
    },
    stateOf: (stack) => stack.state(),
  })

/** What the doctor prints fixes each fault. */
export const testFixes = (names: readonly FaultName[]): void =>
  onSharedStack(names, {
    testFault: (name, stack) =>
      test('is fixed by what the doctor prints', skipped(name, 'named', 'fixed'), async () => {
        const { fixes } = await namedFailure(name, stack())
        await applyFix(fixes, stack(), { isFaultState: 'faultState' in faults[name] })
        assert.deepEqual(notPassed(await stack().diagnose()), [])
      }),
    stateOf: async (stack) => ({ ...(await stack.state()), deployment: await stack.deploymentState() }),
  })

interface FaultTests {
  /** Tests of a fault that is injected into the stack. */
  readonly testFault: (name: FaultName, stack: () => ConfiguredStack) => void
  readonly stateOf: (stack: ConfiguredStack) => Promise<unknown>
}

/** One stack for all these faults: after each of them it is as it was before. */
const onSharedStack = (names: readonly FaultName[], { testFault, stateOf }: FaultTests): void => {
  describe(`on one stack, ${names.length} faults from ${names[0]}`, () => {
    let stack: ConfiguredStack
    let baseline: unknown
    before(async () => {
      stack = await startConfiguredStack(names)
      baseline = await stateOf(stack)
    })
    after(() => stack[Symbol.asyncDispose]())
    for (const name of names) {
      describe(name, { timeout: 110_000 }, () => {
        before(() => stack.inject(name))
        testFault(name, () => stack)
        test('leaves nothing behind once it is withdrawn', async () => {
          assert.equal(await stack.withdrawFault(), 200)
          assert.deepEqual(await stateOf(stack), baseline)
        })
      })
    }
    test('after all of them every check passes', async () => {
      assert.deepEqual(notPassed(await stack.diagnose()), [])
    })
  })
}

/** Where the fault is that there is no stack. */
export const testStoppedStack = (): void => {
  describe(stoppedFault, { timeout: 110_000 }, () => {
    let stack: ConfiguredStack
    before(async () => {
      stack = await startConfiguredStack()
      await stack.stopStack()
    })
    after(() => stack[Symbol.asyncDispose]())
    test('shows', () => assertSymptom(stoppedFault, stack))
    // Nothing is left that could be fixed: the command that is printed starts the stage.
    test('is named by the doctor, with the command that starts the stage', async () => {
      const { fixes } = await namedFailure(stoppedFault, stack)
      assert.deepEqual(
        fixes.map(({ text }) => text),
        [`npx snowgate start --stage dev --port ${new URL(stack.url).port}`],
      )
    })
  })
}

/** What fixes a stack that is stopped is another one. */
export const testRestart = (): void => {
  test(`${stoppedFault}: a stack that is started again passes every check`, async () => {
    await using stopped = await startConfiguredStack()
    await stopped.stopStack()
    await using again = await startConfiguredStack()
    assert.deepEqual(notPassed(await again.diagnose()), [])
  })
}

const skipped = (name: FaultName, ...parts: readonly ('named' | 'fixed')[]) => {
  const { part, reason } = knownGaps.get(name) ?? {}
  return part !== undefined && parts.includes(part) ? { skip: reason } : {}
}

const assertSymptom = async (name: FaultName, stack: ConfiguredStack): Promise<void> => {
  const { observe, status, errorType, message } = symptoms[name]
  const observation = await observe(stack)
  assert.ok([status].flat().includes(observation.status), `${observation.status} ${observation.message}`)
  assert.equal(errorType && observation.errorType, errorType, observation.message)
  assert.match(observation.message, message)
}

const namedFailure = async (name: FaultName, stack: ConfiguredStack): Promise<CheckFailure> => {
  const failures = failuresOf(await stack.diagnose())
  assert.deepEqual(
    failures.map(({ cause }) => cause),
    [name],
  )
  const [failure] = failures
  assert.ok(failure)
  return failure
}

const failuresOf = (reports: readonly CheckReport[]) =>
  reports.flatMap((report) => (report.outcome === 'failed' ? [report] : []))

const notPassed = (reports: readonly CheckReport[]) =>
  reports.flatMap((report) => {
    if (report.outcome === 'passed') return []
    return [`${report.id}: ${report.outcome === 'failed' ? report.cause : report.reason}`]
  })
