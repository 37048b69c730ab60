import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import type { LaterPackages } from '../later-packages.ts'
import { deferral, later } from './later.ts'
import { leftOut, refusal } from './left-out.ts'
import { standIns } from './stand-ins.ts'

/** The prefix of replaced modules in esbuild's metafile: `replaced:winston`. */
const namespace = 'replaced'

const driver = 'snowflake-sdk'

/** By importing package and import specifier. */
const replacements: ReadonlyMap<string, string> = new Map([
  ...leftOut.map((one) => [`${one.importedBy} ${one.module}`, refusal(one)] as const),
  ...later.map((one) => [`${driver} ${one.name}`, deferral(one)] as const),
  ...standIns.map(({ name, contents }) => [`${driver} ${name}`, contents] as const),
])

const namesLater = new Set(later.map(({ name }) => name))

/** Bundles the official driver without the modules that the probe cannot use, and with lazy loading of rarely used packages. */
export const driverPlugin = (packages: LaterPackages): Plugin => ({
  name: 'Snowflake driver of the probe',
  setup: (build) => {
    build.onResolve({ filter: /./, namespace: 'file' }, ({ path, importer, resolveDir }) => {
      const imported = path.startsWith('.') ? belowNodeModules(join(resolveDir, path)) : path
      const contents = replacements.get(`${packageOf(importer)} ${imported}`)
      return contents === undefined ? undefined : { path: imported, namespace, pluginData: { contents, resolveDir } }
    })
    build.onLoad({ filter: /./, namespace }, ({ pluginData }) => pluginData)
    build.onResolve({ filter: /./, namespace }, ({ path, resolveDir }) =>
      namesLater.has(path) ? packages.leave(build, path, resolveDir) : undefined,
    )
  },
})

const belowNodeModules = (path: string): string =>
  path
    .split(/[\\/]node_modules[\\/]/)
    .at(-1)
    ?.replaceAll('\\', '/') ?? path

const packageOf = (path: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(belowNodeModules(path))?.[0] ?? ''
