import { spawn } from 'node:child_process'
import { copyFile, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Environment } from '../../shared/aws/lambda-environment.ts'

interface OslsRunOptions {
  readonly env: Environment
  readonly onLine?: (line: string) => void
}

export interface OslsResult {
  readonly code: number
  /** Everything it printed, in the order in which it came. */
  readonly output: string
}

/**
 * Runs the project's osls in a temporary folder with links to the repository: osls writes `.serverless` next to
 * serverless.yml, and two commands would share it. Paths in the arguments must be absolute.
 */
export const runOsls = async (
  root: string,
  args: readonly string[],
  { env, onLine = () => {} }: OslsRunOptions,
): Promise<OslsResult> => {
  const folder = await mkdtemp(join(tmpdir(), 'snowgate-osls-'))
  try {
    await linkContents(root, folder)
    return await runIn(folder, args, { env, onLine })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const linkContents = async (root: string, folder: string): Promise<void> => {
  for (const entry of await readdir(root, { withFileTypes: true })) {
    const [from, to] = [join(root, entry.name), join(folder, entry.name)]
    // osls does not take a link for serverless.yml.
    if (entry.isFile()) await copyFile(from, to)
    else if (entry.name !== '.serverless') await symlink(from, to)
  }
}

const runIn = async (
  folder: string,
  args: readonly string[],
  { env, onLine }: Required<OslsRunOptions>,
): Promise<OslsResult> => {
  const bin = join(folder, 'node_modules', '.bin')
  const cache = join(folder, 'node_modules', '.cache')
  const variables = {
    // Reading its 900 modules takes osls half its time.
    NODE_COMPILE_CACHE: join(cache, 'snowgate', 'compiled'),
    ...env,
    PATH: [bin, env['PATH'] ?? ''].join(delimiter),
    // Compiling its schemas takes osls longer than all the rest.
    SLS_SCHEMA_CACHE_BASE_DIR: cache,
  }
  const child = spawn(join(bin, 'osls'), args, { cwd: folder, env: variables, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      onLine(line)
    })
  }
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (ended) => resolve(ended ?? 1))
  })
  return { code, output: lines.join('\n') }
}
