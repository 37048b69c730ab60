import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { isolatedEnvironment } from '../run-program.ts'
import { serviceMap } from '../service-map.ts'
import { type Measurement, median, spread } from './measurement.ts'
import { startStackProcess } from './stack-process.ts'

const program = join(import.meta.dirname, '../../cli/snowgate.js')

const rounds = 15

/** What starting a command costs beyond Node itself, in CPU-seconds: medians of interleaved rounds, with a filled compile cache. */
export const benchCommandLine = async (packageDirectory: string): Promise<readonly Measurement[]> => {
  const stack = await startStackProcess(packageDirectory, serviceMap)
  try {
    const flag = ['--stack', stack.url]
    const programs = {
      node: ['-e', '0'],
      help: [program, '--help'],
      explain: [program, 'explain', 'Missing Authentication Token'],
      env: [program, 'env', 'analytics', ...flag],
      call: [program, 'call', '--as', 'analytics', '/hello', ...flag],
    }
    const names = Object.keys(programs) as (keyof typeof programs)[] // of the literal above
    const seconds = new Map(names.map((name) => [name, [] as number[]]))
    // The first round fills the compile cache, and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const name of names) {
        const spent = await cpuSeconds(programs[name])
        if (round > 0) seconds.get(name)?.push(spent)
      }
    }
    const of = (name: keyof typeof programs) => seconds.get(name) ?? []
    const bare = median(of('node'))
    const row = (title: string, name: keyof typeof programs, budget: number): Measurement => ({
      name: title,
      measured: `${(median(of(name)) - bare).toFixed(3)} s CPU over bare Node (${spread(of(name))} s with it)`,
      comparison: `node -e 0: ${bare.toFixed(3)} s`,
      budget: `≤ ${budget} s`,
    })
    return [
      row('snowgate --help', 'help', 0.15),
      row('snowgate explain', 'explain', 0.15),
      row('snowgate env', 'env', 0.15),
      row('snowgate call', 'call', 0.3),
    ]
  } finally {
    await stack.stop()
  }
}

/** User and system time of a Node program, which must succeed, as bash's `time` has it from wait4. */
const cpuSeconds = (args: readonly string[]): Promise<number> =>
  new Promise((resolve, reject) => {
    const script = 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1'
    const child = spawn('bash', ['-c', `${script} || exit 1`, 'bash', process.execPath, ...args], {
      env: isolatedEnvironment,
    })
    let times = ''
    child.stderr.on('data', (chunk) => {
      times += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => {
      const [user = Number.NaN, system = Number.NaN] = times.trim().split(' ').map(Number)
      if (code === 0) resolve(user + system)
      else reject(new Error(`${args.join(' ')} ended with ${code}`))
    })
  })
