import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { CommandFailure, exitCodes } from '../../../cli/command-failure.ts'
import { confirmChanges } from '../../../cli/deploy/confirm-changes.ts'

/** A user who types this; undefined: Ctrl-D. */
const typing = (answer: string | undefined, isTerminal = true) => {
  const stdin = new PassThrough()
  stdin.end(answer)
  return { stdin, stderr: new PassThrough(), isTerminal: { stdin: isTerminal, stdout: isTerminal } }
}

for (const answer of ['y\n', 'Y\n', ' yes \n']) {
  test(`${JSON.stringify(answer)} goes on, and the question was seen`, async () => {
    const terminal = typing(answer)
    await confirmChanges('Deploy this? [y/N]', ['y', 'yes'], terminal)
    terminal.stderr.end()
    assert.match(await text(terminal.stderr), /^Deploy this\? \[y\/N\] /)
  })
}

for (const answer of ['n\n', '\n', 'yesterday\n', undefined]) {
  test(`${JSON.stringify(answer)} changes nothing`, async () => {
    await assert.rejects(confirmChanges('Deploy this? [y/N]', ['y', 'yes'], typing(answer)), (error) => {
      assert.ok(error instanceof CommandFailure)
      assert.deepEqual([error.message, error.exitCode], ['Nothing was changed.', exitCodes.failed])
      return true
    })
  })
}

test('without a terminal, the flag to pass is printed', async () => {
  await assert.rejects(confirmChanges('Deploy this? [y/N]', ['y'], typing('y\n', false)), (error) => {
    assert.ok(error instanceof CommandFailure)
    assert.equal(error.exitCode, exitCodes.usage)
    assert.match(error.message, /pass --yes/)
    return true
  })
})
