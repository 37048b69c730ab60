import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { bundle } from '../../../../infra/bundle/bundle-function.ts'
import { type Driver, loadDriver } from '../../../local/snowflake/server/node-driver.ts'
import { temporaryFolder } from '../../compile.ts'

const root = join(import.meta.dirname, '..', '..', '..', '..')

/** A function whose thread is only the driver. */
const sources = {
  'functions/query/handler.ts': `export { started } from '../../shared/driver.ts'`,
  'shared/driver.ts': 'export const started = true',
  'shared/driver-thread.ts': `module.exports = require('snowflake-sdk')`,
}

/** The file of the bundled driver, with its lazily loaded packages next to it. */
export const writeBundledDriver = async (): Promise<string> => {
  const folder = await temporaryFolder()
  for (const [path, source] of Object.entries(sources)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), source)
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir')
  const { additionalFiles } = await bundle(folder, 'functions/query/handler')
  const bundled = await temporaryFolder()
  await mkdir(join(bundled, 'functions', 'query'), { recursive: true })
  for (const { path, code } of additionalFiles) await writeFile(join(bundled, path), code)
  return join(bundled, 'functions', 'query', 'driver-thread.cjs')
}

/** In this process, which then has no fetch classes. */
export const loadBundledDriver = (): Promise<Driver> =>
  loadDriver(async () => createRequire(import.meta.url)(await writeBundledDriver()))
