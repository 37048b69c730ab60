import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { bundle } from '../../../infra/index.ts'
import { type Driver, loadDriver } from '../../local/snowflake-server/node-driver.ts'
import { temporaryFolder } from '../compile.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** A function whose thread is the driver, and nothing else. */
const sources = {
  'functions/ask/handler.ts': `export { started } from '../../shared/driver.ts'`,
  'shared/driver.ts': 'export const started = true',
  'shared/driver-thread.ts': `module.exports = require('snowflake-sdk')`,
}

/** The file that is the driver as it is bundled, with the packages that it loads later beside it. */
export const writeBundledDriver = async (): Promise<string> => {
  const folder = await temporaryFolder()
  for (const [path, source] of Object.entries(sources)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), source)
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir')
  const { beside } = await bundle(folder, 'functions/ask/handler')
  const bundled = await temporaryFolder()
  await mkdir(join(bundled, 'functions', 'ask'), { recursive: true })
  for (const { path, code } of beside) await writeFile(join(bundled, path), code)
  return join(bundled, 'functions', 'ask', 'driver-thread.cjs')
}

/** In this process, in which there are none of fetch's classes from then on. */
export const loadBundledDriver = (): Promise<Driver> =>
  loadDriver(async () => createRequire(import.meta.url)(await writeBundledDriver()))
