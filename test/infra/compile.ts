import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { cp, mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..', '..')
const run = promisify(execFile)

export interface Order {
  readonly stage?: string
  readonly region?: string
  /** A path from the root of the repository, or an absolute one. */
  readonly accessMap?: string
  /** Of the container that probes as a Fargate task. */
  readonly probeImage?: string
}

const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** An empty folder that is gone when the process ends. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'snowgate-'))
  folders.push(folder)
  return folder
}

/** The repository as it would be committed now, without the folders that no deployment needs. */
export const deployableCopy = (): Promise<string> => copyWithout(/^(local|cli|test)\//)

/** The same with the command line in it, which then packages in a folder of its own. */
export const copyWithCommandLine = (): Promise<string> => copyWithout(/^(local|test)\//)

const copyWithout = async (left: RegExp): Promise<string> => {
  const copy = await temporaryFolder()
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  const deployed = listed.stdout.split('\0').filter((path) => path !== '' && !left.test(path))
  for (const path of deployed) {
    await cp(join(root, path), join(copy, path), { recursive: true }).catch((error) => {
      // Listed by git and deleted in the working tree.
      if (error.code !== 'ENOENT') throw error
    })
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** `osls package` in a folder, with no AWS credentials about it; rejects with everything that osls printed. */
export const oslsPackage = async (
  folder: string,
  { stage, region, accessMap, probeImage }: Order,
  ...more: string[]
) => {
  const bin = join(root, 'node_modules', '.bin')
  const args = [
    ...(stage ? ['--stage', stage] : []),
    ...(region ? ['--region', region] : []),
    ...(accessMap ? ['--param', `access=${resolve(root, accessMap)}`] : []),
    ...(probeImage ? ['--param', `probe-image=${probeImage}`] : []),
    ...more,
  ]
  const env = {
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    HOME: folder,
    // Compiling its schemas takes osls longer than all the rest.
    SLS_SCHEMA_CACHE_BASE_DIR: join(root, 'node_modules', '.cache'),
  }
  await run(join(bin, 'osls'), ['package', ...args], { cwd: folder, env }).catch(({ stdout, stderr }) => {
    throw new Error(`osls package ${args.join(' ')} failed:\n${stdout}${stderr}`)
  })
}

const compiled = new Map<string, Promise<string>>()

/** The folder with what `osls package` writes. The same order is carried out once in a process. */
export const compile = (order: Order = {}): Promise<string> => {
  const key = JSON.stringify([order.stage, order.region, order.accessMap, order.probeImage])
  const known = compiled.get(key)
  if (known) return known
  const wanted = (async () => {
    const target = join(await temporaryFolder(), 'package')
    await oslsPackage(await deployableCopy(), order, '--package', target)
    return target
  })()
  compiled.set(key, wanted)
  return wanted
}
