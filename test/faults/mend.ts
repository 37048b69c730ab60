import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { MendStep } from '../../cli/doctor/finding.ts'
import { runProgram } from '../run-program.ts'
import type { BrokenWorld } from './broken-world.ts'

const main = join(import.meta.dirname, '../../cli/main.ts')

/** Whoever deploys by hand packages as well, which takes longer than all the rest: it is done as the command does it. */
const deployCommand = /^npx snowgate deploy --stage dev (?:--access (?<access>\S+) )?--local --stack (?<stack>\S+)$/

const outside = /^(?:sudo|aws) /

/** Does what the doctor says, as it is printed. */
export const apply = async (
  steps: readonly MendStep[],
  world: BrokenWorld,
  { isAround }: { readonly isAround: boolean },
): Promise<void> => {
  assert.ok(steps.length > 0, 'there is nothing that mends it')
  for (const step of steps) {
    // Words for whoever keeps a network, or for nobody: it passes.
    if (isAround && step.kind === 'edit') await endCircumstances(world)
    else await applyOne(step, world)
  }
}

const applyOne = async ({ kind, text, write }: MendStep, world: BrokenWorld): Promise<void> => {
  if (kind === 'edit') {
    assert.ok(write, `for programs it is not said what to write where: ${text}`)
    const [stage = '', ...path] = write.path
    return world.map.edit(stage, [{ path, value: write.value }])
  }
  if (kind === 'sql') {
    const { failure } = await world.stack.runStatements({ session: randomUUID(), sql: text })
    return assert.equal(failure?.message, undefined, text)
  }
  if (outside.test(text)) return endCircumstances(world)
  const deploys = deployCommand.exec(text)?.groups
  if (deploys) {
    assert.equal(deploys['stack'], world.url)
    assert.ok([undefined, world.map.path].includes(deploys['access']), text)
    return world.deploy()
  }
  await run(text, world)
}

/** What nobody but the outside can mend. */
const endCircumstances = async ({ url }: BrokenWorld): Promise<void> => {
  const { status } = await fetch(`${url}/_snowgate/fault`, { method: 'DELETE' })
  assert.equal(status, 200)
}

/** In a shell; `npx snowgate` is this repository's. */
const run = async (text: string, { url }: BrokenWorld): Promise<void> => {
  assert.match(text, /^(?:npx snowgate|eval "\$\(npx snowgate) /, text)
  const script = text.replaceAll('npx snowgate', `"${process.execPath}" "${main}"`)
  const env = { SNOWGATE_STACK: url }
  const { code, stderr } = await runProgram('bash', ['-c', `set -e -o pipefail; ${script}`], { env })
  assert.equal(code, 0, `${text}\n${stderr}`)
}
