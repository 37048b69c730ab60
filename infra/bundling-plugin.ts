import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle, deploymentPackage } from './bundle.ts'

/** The part of osls that is used here. */
interface Serverless {
  readonly serviceDir: string
  readonly service: {
    readonly functions: Readonly<Record<string, { readonly handler: string; package?: { artifact: string } }>>
  }
}

/**
 * Bundles the functions when osls would zip the whole folder: `.serverless/hello.zip` is what Lambda gets, and
 * `.serverless/hello.cjs.map` is for whoever reads its stack traces.
 */
export class BundlingPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>

  constructor({ serviceDir, service }: Serverless) {
    const bundleAll = async () => {
      // osls moves this folder to where --package says, once everything is in it.
      const folder = join(serviceDir, '.serverless')
      await mkdir(folder, { recursive: true })
      await Promise.all(
        Object.entries(service.functions).map(async ([name, definition]) => {
          const bundled = await bundle(serviceDir, definition.handler.replace(/\.[^.]*$/, ''))
          const artifact = join(folder, `${name}.zip`)
          await writeFile(artifact, deploymentPackage(bundled))
          await writeFile(join(folder, `${name}.cjs.map`), bundled.sourceMap)
          definition.package = { artifact }
        }),
      )
    }
    this.hooks = {
      'before:package:createDeploymentArtifacts': bundleAll,
      // osls deploy function
      'before:package:function:package': bundleAll,
    }
  }
}
