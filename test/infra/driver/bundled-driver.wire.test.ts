import assert from 'node:assert/strict'
import { createRequire, registerHooks } from 'node:module'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { writeBundledDriver } from './bundled-driver.ts'

const file = await writeBundledDriver()

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'snowflake-sdk' ? { url: pathToFileURL(file).href, shortCircuit: true } : next(specifier, context),
})

// Everything that is asked of the driver as it is installed is asked of the bundled one, from here on.
await import('../../local/snowflake-server/node-driver.wire.test.ts')

test('it was the bundled driver, and not the installed one beside it', async () => {
  const { default: driver } = await import('snowflake-sdk')
  const require = createRequire(import.meta.url)
  assert.equal(driver, require(file))
  const { cache } = require
  assert.deepEqual(
    Object.keys(cache).filter((path) => /[\\/]node_modules[\\/]snowflake-sdk[\\/]/.test(path)),
    [],
  )
})
