import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Failure } from '../../cli/doctor/finding.ts'
import type { Report } from '../../cli/doctor/walk.ts'
import { type FaultName, faults } from '../../local/faults/index.ts'
import { type BrokenWorld, startWorld } from './broken-world.ts'
import { apply } from './mend.ts'
import { symptoms } from './symptoms.ts'
import { unfinished } from './unfinished.ts'

/** What is met of each fault, that the doctor names it and nothing else, and that what it prints mends it. */
export const holdFaults = (table: Partial<Readonly<Record<FaultName, unknown>>>): void => {
  for (const name of Object.keys(table) as FaultName[]) {
    describe(name, { timeout: 110_000 }, () => {
      let world: BrokenWorld
      before(async () => {
        world = await startWorld(name)
      })
      after(() => world[Symbol.asyncDispose]())
      test('shows', () => shows(name, world))
      const todo = unfinished.get(name)
      test('is named by the doctor, and mended by what it prints', todo === undefined ? {} : { todo }, () =>
        isNamedAndMended(name, world),
      )
    })
  }
}

const shows = async (name: FaultName, world: BrokenWorld): Promise<void> => {
  const { observe, status, errorType, says } = symptoms[name]
  const met = await observe(world)
  assert.ok([status].flat().includes(met.status), `${met.status} ${met.says}`)
  assert.equal(errorType && met.errorType, errorType, met.says)
  assert.match(met.says, says)
}

const isNamedAndMended = async (name: FaultName, world: BrokenWorld): Promise<void> => {
  const failures = failuresOf(await world.look())
  assert.deepEqual(
    failures.map(({ cause }) => cause),
    [name],
  )
  const [failure] = failures
  assert.ok(failure)
  if ('stopped' in faults[name]) return startsAgain(failure)
  await apply(failure.mend, world, { isAround: 'around' in faults[name] })
  assert.deepEqual(notPassed(await world.look()), [])
}

/** Nothing is left that could be mended: the command that is printed starts the stage. */
const startsAgain = async ({ mend }: Failure): Promise<void> => {
  assert.deepEqual(
    mend.map(({ text }) => text),
    ['npx snowgate start --stage dev'],
  )
  await using again = await startWorld()
  assert.deepEqual(notPassed(await again.look()), [])
}

const failuresOf = (reports: readonly Report[]) =>
  reports.flatMap((report) => (report.outcome === 'failed' ? [report] : []))

const notPassed = (reports: readonly Report[]) =>
  reports.flatMap((report) => {
    if (report.outcome === 'passed') return []
    return [`${report.id}: ${report.outcome === 'failed' ? report.cause : report.why}`]
  })
