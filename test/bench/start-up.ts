import { spawn } from 'node:child_process'
import { mkdir, readdir, rm, symlink, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { copyWithStack } from '../infra/compile.ts'
import { isolatedEnvironment } from '../run-program.ts'
import { serviceMap } from '../service-map.ts'
import { type Measurement, median, spread } from './measurement.ts'

const root = join(import.meta.dirname, '..', '..')
const coldRounds = 3
const warmRounds = 7

/**
 * CPU-seconds of `snowgate start` until its ready line, with everything that it starts: the first time, with no cache
 * whatever, and again with nothing changed. In a copy of the repository, which has caches of its own.
 */
export const benchStartUp = async (): Promise<readonly Measurement[]> => {
  const copy = await copyWithStack()
  const cache = await separateCache(copy)
  const bare = await cpuSecondsUntil([process.execPath, '-e', 'console.log("ready")'], /^ready$/m)
  const start = () => cpuSecondsUntil(startCommand(copy), /^snowgate ready /m)
  const cold: number[] = []
  for (let round = 0; round < coldRounds; round += 1) {
    await rm(cache, { recursive: true, force: true })
    cold.push(await start())
  }
  const warm: number[] = []
  for (let round = 0; round < warmRounds; round += 1) warm.push(await start())
  const row = (name: string, seconds: readonly number[], budget: number): Measurement => ({
    name,
    measured: `${median(seconds).toFixed(2)} s CPU (${spread(seconds)})`,
    comparison: `node -e: ${bare.toFixed(3)} s`,
    budget: `≤ ${budget} s`,
  })
  return [
    row('snowgate start to ready, first time', cold, 6),
    row('snowgate start to ready, nothing changed', warm, 2.5),
  ]
}

const startCommand = (copy: string) => [
  process.execPath,
  join(copy, 'cli', 'snowgate.js'),
  'start',
  '--port',
  '0',
  '--access',
  serviceMap,
]

/** Replaces the link to node_modules by a folder of links, so that its `.cache` belongs to the copy. */
const separateCache = async (copy: string): Promise<string> => {
  const modules = join(copy, 'node_modules')
  await unlink(modules)
  await mkdir(modules)
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name !== '.cache') await symlink(join(root, 'node_modules', name), join(modules, name))
  }
  return join(modules, '.cache')
}

/** User and system time of a program and its children, as bash's `time` has it; ended once it has printed the pattern. */
const cpuSecondsUntil = (command: readonly string[], pattern: RegExp): Promise<number> =>
  new Promise((resolve, reject) => {
    // The trap keeps bash alive for the figures; programs that it starts do not inherit it.
    const script = 'trap : TERM; TIMEFORMAT="%U %S"; time "$@" 2>/dev/null'
    const child = spawn('bash', ['-c', script, 'bash', ...command], { env: isolatedEnvironment, detached: true })
    let output = ''
    let times = ''
    let isReady = false
    child.stdout.on('data', (chunk) => {
      output += chunk
      if (isReady || !pattern.test(output)) return
      isReady = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
    })
    child.stderr.on('data', (chunk) => {
      times += chunk
    })
    child.once('error', reject)
    child.once('close', () => {
      const [user = Number.NaN, system = Number.NaN] = times.trim().split(/\s+/).slice(-2).map(Number)
      if (isReady) resolve(user + system)
      else reject(new Error(`${command.join(' ')} ended before it was ready:\n${output}`))
    })
  })
