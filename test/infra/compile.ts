import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { cp, mkdtemp, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { packageService } from '../../cli/osls/package-service.ts'
import { serviceMap } from '../service-map.ts'

const root = join(import.meta.dirname, '..', '..')
const run = promisify(execFile)

export interface CompileOptions {
  readonly stage?: string
  readonly region?: string
  /** Absolute, or relative to the repository; default: the access map of the tests. */
  readonly accessMap?: string
  /** The image of the Fargate task. */
  readonly probeImage?: string
}

const folders: string[] = []
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** An empty folder that is removed when the process exits. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'snowgate-'))
  folders.push(folder)
  return folder
}

/** A copy of the repository without the folders that a deployment does not need. */
export const deployableCopy = (): Promise<string> => copyWithout(/^(local|cli|test)\//)

/** The same with the command line, which then packages in this copy. */
export const copyWithCommandLine = (): Promise<string> => copyWithout(/^(local|test)\//)

/** The same with the local stack as well: all that `snowgate start` runs. */
export const copyWithStack = (): Promise<string> => copyWithout(/^test\//)

const copyWithout = async (excluded: RegExp): Promise<string> => {
  const copy = await temporaryFolder()
  const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  const deployed = listed.stdout.split('\0').filter((path) => path !== '' && !excluded.test(path))
  for (const path of deployed) {
    await cp(join(root, path), join(copy, path), { recursive: true }).catch((error) => {
      // Listed by git and deleted in the working tree.
      if (error.code !== 'ENOENT') throw error
    })
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** `osls package` in a folder, without AWS credentials; rejects with the output of osls. */
export const oslsPackage = async (
  folder: string,
  { stage, region, accessMap = serviceMap, probeImage }: CompileOptions,
) => {
  const bin = join(root, 'node_modules', '.bin')
  const args = [
    ...(stage ? ['--stage', stage] : []),
    ...(region ? ['--region', region] : []),
    '--param',
    `access=${resolve(root, accessMap)}`,
    ...(probeImage ? ['--param', `probe-image=${probeImage}`] : []),
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

/** The folder of a package, cached by its input. Do not change it. */
export const compile = async ({ stage = 'dev', region, accessMap = serviceMap, probeImage }: CompileOptions = {}) => {
  const { directory } = await packageService(root, {
    stage,
    access: resolve(root, accessMap),
    ...(region !== undefined && { region }),
    ...(probeImage !== undefined && { probeImage }),
  })
  return directory
}
