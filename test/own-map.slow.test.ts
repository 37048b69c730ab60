import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runProgram } from './run-program.ts'

const root = join(import.meta.dirname, '..')

/** Different from the shipped map in all stages, callers, accounts, targets and the login. */
const ownMap = `
dev:
  callers:
    warehouse:
      principals: [arn:aws:iam::121212121212:role/Warehouse]
      externalIds: [warehouse-9d1e]
      routes: [PUT /hello]
    batch:
      principals: [arn:aws:iam::343434343434:role/NightlyBatch]
      direct: true
      routes: [GET /hello, POST /invoke, POST /snowflake-probe]
  targets:
    ledger:
      url: https://f6e5d4c3b2.execute-api.eu-west-1.amazonaws.com/live
      service: execute-api
      region: eu-west-1
      roleArn: arn:aws:iam::565656565656:role/LedgerReader
      allow: [GET /entries/*]
  snowflake:
    account: acme-finance
    login: key-pair

live:
  callers:
    batch:
      principals: [arn:aws:iam::343434343434:role/NightlyBatch]
      direct: true
      routes: [POST /hello]
`

/** A copy of the repository with its own git repository, because tests list files with git. */
const copyOfRepository = (): string => {
  const copy = mkdtempSync(join(tmpdir(), 'snowgate-own-map-'))
  const git = (folder: string, ...args: string[]) => execFileSync('git', args, { cwd: folder, encoding: 'utf8' })
  const listed = git(root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0')
  for (const path of listed) {
    // Git lists what was deleted in the working tree as well.
    if (path !== '' && existsSync(join(root, path))) cpSync(join(root, path), join(copy, path))
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  git(copy, 'init', '--quiet')
  git(copy, 'add', '--all')
  return copy
}

test('all tests pass with another access map', { timeout: 1_800_000 }, async (t) => {
  const copy = copyOfRepository()
  t.after(() => rmSync(copy, { recursive: true, force: true }))
  writeFileSync(join(copy, 'access.yml'), ownMap)

  const { code, stdout, stderr } = await runProgram('npm', ['test'], {
    cwd: copy,
    env: { HOME: copy, TMPDIR: tmpdir() },
  })
  const failures = stdout
    .split('\n')
    .filter((line) => !line.startsWith('✔'))
    .join('\n')
  assert.equal(code, 0, failures + stderr)
  assert.match(stdout, /^\d+ passed, 0 failed/m)
})
