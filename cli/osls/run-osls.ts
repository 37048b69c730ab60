import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Ended {
  readonly code: number
  /** Everything it printed, in the order in which it came. */
  readonly said: string
  /** What of that went to standard output. */
  readonly printed: string
}

/** The project's osls in its folder. */
export const runOsls = async (
  root: string,
  args: readonly string[],
  onLine: (line: string) => void = () => {},
): Promise<Ended> => {
  const bin = join(root, 'node_modules', '.bin')
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    // Compiling its schemas takes osls longer than all the rest.
    SLS_SCHEMA_CACHE_BASE_DIR: join(root, 'node_modules', '.cache'),
  }
  const child = spawn(join(bin, 'osls'), args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const printed: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (stream === child.stdout) printed.push(line)
      onLine(line)
    })
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (ended) => resolve(ended ?? 1))
  })
  return { code, said: lines.join('\n'), printed: printed.join('\n') }
}
