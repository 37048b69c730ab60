import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { basename } from 'node:path'
import { test } from 'node:test'
import { writeBundledDriver } from './bundled-driver.ts'

const print = `console.log(JSON.stringify({ files: Object.keys(require.cache), builtIn: process.moduleLoadList }))`

/** The files and built-in modules of a process after it loaded only the driver. */
const loadedWith = (file: string): { readonly files: readonly string[]; readonly builtIn: readonly string[] } => {
  const env = { ...process.env, SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true', SNOWFLAKE_DISABLE_MINICORE: '1' }
  const program = `require(${JSON.stringify(file)}); ${print}`
  return JSON.parse(execFileSync(process.execPath, ['--eval', program], { env }).toString())
}

const slow = ['NativeModule internal/deps/undici/undici', 'NativeModule http2']

test('the bundled driver loads none of its packages, fetch and HTTP/2; the installed one loads them all', async () => {
  const { files, builtIn } = loadedWith(await writeBundledDriver())
  assert.deepEqual(
    files.map((file) => basename(file)),
    ['driver-thread.cjs'],
  )
  assert.deepEqual(
    slow.filter((name) => builtIn.includes(name)),
    [],
  )
  const installed = loadedWith('snowflake-sdk')
  assert.ok(installed.files.some((file) => /[\\/]client-sts[\\/]/.test(file)))
  assert.deepEqual(
    slow.filter((name) => installed.builtIn.includes(name)),
    slow,
  )
})
