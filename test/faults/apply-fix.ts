import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { FixStep } from '../../cli/checks/finding.ts'
import { runProgram } from '../run-program.ts'
import type { ConfiguredStack } from './configured-stack.ts'

const main = join(import.meta.dirname, '../../cli/main.ts')

/** The command also packages, which takes longer than all the rest: the test deploys as the command does. */
const deployCommand = /^npx snowgate deploy --stage dev (?:--access (?<access>\S+) )?--local --stack (?<stack>\S+)$/

const outside = /^(?:sudo|aws) /

/** Does what the doctor says, as it is printed. */
export const applyFix = async (
  steps: readonly FixStep[],
  stack: ConfiguredStack,
  { isFaultState }: { readonly isFaultState: boolean },
): Promise<void> => {
  assert.ok(steps.length > 0, 'there is no fix')
  for (const step of steps) {
    // Words for the owner of a network, or none at all: it passes.
    if (isFaultState && step.kind === 'edit') await withdraw(stack)
    else await applyStep(step, stack)
  }
}

const applyStep = async ({ kind, text, mapEdit }: FixStep, configured: ConfiguredStack): Promise<void> => {
  if (kind === 'edit') {
    assert.ok(mapEdit, `for programs it is not said what to write where: ${text}`)
    const [stage = '', ...path] = mapEdit.path
    return configured.map.edit(stage, [{ path, value: mapEdit.value }])
  }
  if (kind === 'sql') {
    const { failure } = await configured.stack.runStatements({ session: randomUUID(), sql: text })
    return assert.equal(failure?.message, undefined, text)
  }
  if (outside.test(text)) return withdraw(configured)
  const deploys = deployCommand.exec(text)?.groups
  if (deploys) {
    assert.equal(deploys['stack'], configured.url)
    assert.ok([undefined, configured.map.path].includes(deploys['access']), text)
    return configured.deploy()
  }
  await run(text, configured)
}

/** What only the owner of a clock or a network can fix. */
const withdraw = async (stack: ConfiguredStack): Promise<void> => assert.equal(await stack.withdrawFault(), 200)

/** In a shell; `npx snowgate` is this repository's. */
const run = async (text: string, { url }: ConfiguredStack): Promise<void> => {
  assert.match(text, /^(?:npx snowgate|eval "\$\(npx snowgate) /, text)
  const script = text.replaceAll('npx snowgate', `"${process.execPath}" "${main}"`)
  const env = { SNOWGATE_STACK: url }
  const { code, stderr } = await runProgram('bash', ['-c', `set -e -o pipefail; ${script}`], { env })
  assert.equal(code, 0, `${text}\n${stderr}`)
}
