import { copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleFiles, writeBundles } from './bundle-function.ts'

/** The part of osls that is used here. */
interface Serverless {
  readonly configSchemaHandler: { validateConfig: (configuration: unknown) => Promise<void> }
  readonly serviceDir: string
  readonly service: {
    readonly functions: Readonly<Record<string, { readonly handler: string; package?: { artifact?: string } }>>
  }
}

interface OslsOptions {
  /** Of `--param name=value`. */
  readonly param?: readonly string[]
}

const root = join(import.meta.dirname, '..', '..')

/**
 * Bundles the functions instead of osls's zip of the whole folder: `.serverless/hello.zip` is the package for Lambda, and
 * `.serverless/hello.cjs.map` is for reading its stack traces. With `--param bundles=<folder>` the bundles already exist in
 * that folder. With `--param validate=no` osls does not hold serverless.yml against its schema: compiling the schema takes
 * 4 seconds of processor time the first time and 0.4 later, and the compiled template is the same.
 */
export class BundlingPlugin {
  readonly hooks: Readonly<Record<string, () => Promise<void>>>

  constructor({ serviceDir, service, configSchemaHandler }: Serverless, { param = [] }: OslsOptions = {}) {
    if (param.includes('validate=no')) configSchemaHandler.validateConfig = async () => {}
    const bundles = param.find((one) => one.startsWith('bundles='))?.slice('bundles='.length)
    const definitions = () => Object.entries(service.functions)

    const bundleAll = async () => {
      // osls copies this folder to the --package folder at the end.
      const folder = join(serviceDir, '.serverless')
      await mkdir(folder, { recursive: true })
      const names = definitions().map(([name]) => name)
      if (bundles === undefined) await writeBundles(root, names, folder)
      else for (const file of names.flatMap(bundleFiles)) await copyFile(join(bundles, file), join(folder, file))
      for (const [name, definition] of definitions()) definition.package = { artifact: join(folder, `${name}.zip`) }
    }
    /** The package may be deployed from another folder: osls then uses the zip with the function's name. */
    const forgetPaths = async () => {
      for (const [, definition] of definitions()) definition.package = {}
    }
    this.hooks = {
      'before:package:createDeploymentArtifacts': bundleAll,
      'before:aws:package:finalize:saveServiceState': forgetPaths,
      // osls deploy function
      'before:package:function:package': bundleAll,
    }
  }
}
