import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'

const program = join(import.meta.dirname, 'bundled-driver-program.ts')

/** In a process of its own: other files of this process load the installed driver. */
test('the bundled driver passes every test of the installed one', async () => {
  const child = spawn(process.execPath, ['--test-reporter', 'tap', program])
  const [report, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  assert.equal(code, 0, `${report}${errors}`)
  assert.match(report, /^ok \d+ - the driver logs in by a key pair/m)
  assert.match(report, /^ok \d+ - the tests use the bundled driver and load no file of the installed one$/m)
  assert.match(report, /^# fail 0$/m)
})
