import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, normalize, resolve } from 'node:path'
import { unzipSync } from 'fflate'

/** What `osls package` left in a folder: the compiled template, the place it was compiled for, and the zips. */
export interface DeploymentPackage {
  readonly template: unknown
  readonly region: string
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
  const state = JSON.parse((await read('serverless-state.json')).toString())
  const root = await mkdtemp(join(tmpdir(), 'snowgate-'))
  return {
    template: JSON.parse((await read('cloudformation-template-update-stack.json')).toString()),
    region: String(state.service.provider.region),
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
