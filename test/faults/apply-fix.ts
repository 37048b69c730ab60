import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { FixStep } from '../../cli/checks/finding.ts'
import { runSnowgate } from '../cli/run-snowgate.ts'
import type { ConfiguredStack } from './configured-stack.ts'

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

const commandForm = /^npx snowgate [^|;&<>$`]+(?: \| npx snowgate [^|;&<>$`]+)?$/
const evalForm = /^eval "\$\((?<command>npx snowgate [^|;&<>$`]+)\)"$/

/** A command as it is printed, or two with a pipe between, in this process: each word is a word or one in single quotes. */
const run = async (text: string, { url }: ConfiguredStack): Promise<void> => {
  // What it exports goes to the shell of the user; that it succeeds is what is tested here.
  const pipeline = evalForm.exec(text)?.groups?.['command'] ?? text
  assert.match(pipeline, commandForm, text)
  let stdin = ''
  for (const command of pipeline.split(' | ')) {
    const words = [...command.matchAll(/'[^']*'|\S+/g)].map(([word]) => word.replace(/^'(.*)'$/s, '$1'))
    const { code, stdout, stderr } = await runSnowgate(words.slice(2), { env: { SNOWGATE_STACK: url }, stdin })
    assert.equal(code, 0, `${text}\n${stderr}`)
    stdin = stdout
  }
}
