import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, normalize, resolve } from 'node:path'
import { unzipSync } from 'fflate'

/** What `osls package` left in a folder: the compiled template, the place it was compiled for, and the zips. */
export interface DeploymentPackage {
  /** Where it was read, an absolute path. What is there may have changed since. */
  readonly directory: string
  readonly template: unknown
  readonly region: string
  /** As osls calls the CloudFormation stack that it deploys. */
  readonly stackName: string
  /** Unpacks a zip as Lambda does, into a folder of its own below one that `dispose` removes. */
  readonly unpack: (packageFile: string) => Promise<string>
  readonly dispose: () => Promise<void>
}

export const openDeploymentPackage = async (directory: string): Promise<DeploymentPackage> => {
  const read = async (file: string) => {
    try {
      return await readFile(join(directory, file))
    } catch (cause) {
      throw new Error(`${join(directory, file)} is not there: package the service first (npm run package).`, { cause })
    }
  }
  const readJson = async (file: string) => {
    try {
      return JSON.parse((await read(file)).toString())
    } catch (cause) {
      if (!(cause instanceof SyntaxError)) throw cause
      throw new Error(`${join(directory, file)} is not JSON: package the service again (npm run package).`, { cause })
    }
  }
  const state = await readJson('serverless-state.json')
  const template = await readJson('cloudformation-template-update-stack.json')
  const root = await mkdtemp(join(tmpdir(), 'snowgate-'))
  return {
    directory: resolve(directory),
    template,
    region: String(state.service.provider.region),
    stackName: `${state.service.service}-${state.service.provider.stage}`,
    unpack: async (packageFile) => {
      const target = join(root, packageFile.replace(/\.zip$/, ''))
      for (const [name, contents] of Object.entries(unzipSync(await read(packageFile)))) {
        const file = resolve(target, normalize(name))
        if (!file.startsWith(`${target}/`)) throw new Error(`${packageFile} holds ${name}, which lies outside of it.`)
        await mkdir(dirname(file), { recursive: true })
        if (!name.endsWith('/')) await writeFile(file, contents)
      }
      return target
    },
    dispose: () => rm(root, { recursive: true, force: true }),
  }
}
