import assert from 'node:assert/strict'
import { createRequire, registerHooks } from 'node:module'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { writeBundledDriver } from './bundled-driver.ts'

/** The tests of the installed driver, with the bundled driver. `bundled-driver.slow.wire.test.ts` starts it. */
const file = await writeBundledDriver()

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'snowflake-sdk' ? { url: pathToFileURL(file).href, shortCircuit: true } : next(specifier, context),
})

await import('../../../local/snowflake/server/node-driver.wire.test.ts')

test('the tests use the bundled driver and load no file of the installed one', async () => {
  const { default: driver } = await import('snowflake-sdk')
  const require = createRequire(import.meta.url)
  assert.equal(driver, require(file))
  const { cache } = require
  assert.deepEqual(
    Object.keys(cache).filter((path) => /[\\/]node_modules[\\/]snowflake-sdk[\\/]/.test(path)),
    [],
  )
})
