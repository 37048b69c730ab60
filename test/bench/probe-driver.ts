import { execFile } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildSync } from 'esbuild'
import { accountName, serviceUser, startSnowflakeTestServer } from '../local/snowflake/server/snowflake-test-server.ts'
import { benchFolder, importTime, unpack, writeEmptyModule } from './bundle-size.ts'
import { type Measurement, median, spread } from './measurement.ts'

const repeats = 21
const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..')

/** As shared/snowflake/driver.ts starts it. */
const driverEnvironment = {
  SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
  SNOWFLAKE_DISABLE_MINICORE: '1',
  SF_TELEMETRY_DISABLE_CONNECTION_SHAPE: '1',
}

/** Megabytes of a process that only runs the driver thread, after a login with its role and one query. */
const memoryAfterQuery = async (thread: string, url: string, credentials: Readonly<Record<string, string>>) => {
  const connection = { url, account: accountName, credential: { kind: 'workload-identity' } }
  const query = { connection, statement: 'SELECT CURRENT_USER()', timeoutMs: 5_000 }
  const program = `const { Worker } = require('node:worker_threads')
    const worker = new Worker(${JSON.stringify(thread)})
    worker.postMessage(${JSON.stringify(query)})
    worker.on('message', ({ kind, error }) => {
      if (kind === 'failed') throw new Error(error.message)
      if (kind !== 'row') return
      console.log(process.memoryUsage.rss() / 1e6)
      process.exit()
    })`
  const env = { ...process.env, ...driverEnvironment, ...credentials, SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: '127.0.0.1' }
  const { stdout } = await run(process.execPath, ['--eval', program], { env })
  return Number(stdout)
}

/** The same thread with the driver as npm installs it. */
const writeInstalledThread = (folder: string): string => {
  const outfile = join(folder, 'installed-thread.cjs')
  buildSync({
    entryPoints: [join(root, 'shared', 'snowflake', 'driver-thread.ts')],
    outfile,
    packages: 'external',
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
  })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir')
  return outfile
}

/** The driver as it is bundled for the probe, compared with the driver as npm installs it, alternately. */
export const benchProbeDriver = async (packageDirectory: string): Promise<Measurement[]> => {
  const folder = benchFolder()
  const bundledThread = join(unpack(packageDirectory, folder, 'snowflake-probe'), 'driver-thread.cjs')
  const installedThread = writeInstalledThread(folder)
  const files = {
    empty: writeEmptyModule(folder),
    bundled: bundledThread,
    installed: createRequire(import.meta.url).resolve('snowflake-sdk'),
  }
  const times = { empty: [] as number[], bundled: [] as number[], installed: [] as number[] }
  const memory = { bundled: [] as number[], installed: [] as number[] }

  await using server = await startSnowflakeTestServer({ sql: serviceUser('probe', 'probe-role') })
  const { accessKeyId, secretAccessKey, sessionToken } = server.roleSession('probe-role')
  const credentials = {
    AWS_REGION: 'eu-central-1',
    NO_PROXY: '127.0.0.1',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  }
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const name of ['empty', 'bundled', 'installed'] as const)
      times[name].push(importTime(files[name], driverEnvironment))
    memory.bundled.push(await memoryAfterQuery(bundledThread, server.url, credentials))
    memory.installed.push(await memoryAfterQuery(installedThread, server.url, credentials))
  }

  const over = (name: keyof typeof times) => median(times[name]) - median(times.empty)
  const timed = (name: keyof typeof times) => `${median(times[name]).toFixed(1)} ms (${spread(times[name])})`
  const sized = (name: keyof typeof memory) => `${median(memory[name]).toFixed(0)} MB (${spread(memory[name])})`
  return [
    {
      name: "import of the probe's driver",
      measured: timed('bundled'),
      comparison: `snowflake-sdk as installed: ${timed('installed')}; over bare Node ${(over('bundled') / over('installed')).toFixed(2)} of it`,
      budget: '≤ 0.35 of it',
    },
    {
      name: 'memory after a login and a query',
      measured: sized('bundled'),
      comparison: `snowflake-sdk as installed: ${sized('installed')}; ${(median(memory.bundled) / median(memory.installed)).toFixed(2)} of it`,
      budget: '',
    },
  ]
}
