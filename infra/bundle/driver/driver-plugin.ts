import { join } from 'node:path'
import type { Plugin } from 'esbuild'
import type { LazyPackages } from '../lazy-packages.ts'
import { excludedModuleSource, excludedModules } from './excluded-modules.ts'
import { lazyPackageSource, lazyPackages } from './lazy-driver-packages.ts'
import { shims } from './shims.ts'

/** The prefix of replaced modules in esbuild's metafile: `replaced:winston`. */
const namespace = 'replaced'

const driver = 'snowflake-sdk'

/** By importing package and import specifier. */
const replacements: ReadonlyMap<string, string> = new Map([
  ...excludedModules.map((one) => [`${one.importedBy} ${one.module}`, excludedModuleSource(one)] as const),
  ...lazyPackages.map((one) => [`${driver} ${one.name}`, lazyPackageSource(one)] as const),
  ...shims.map(({ name, contents }) => [`${driver} ${name}`, contents] as const),
])

const lazyPackageNames = new Set(lazyPackages.map(({ name }) => name))

/** Bundles the official driver without the modules that the probe cannot use, and with lazy loading of rarely used packages. */
export const driverPlugin = (packages: LazyPackages): Plugin => ({
  name: 'Snowflake driver of the probe',
  setup: (build) => {
    build.onResolve({ filter: /./, namespace: 'file' }, ({ path, importer, resolveDir }) => {
      const imported = path.startsWith('.') ? belowNodeModules(join(resolveDir, path)) : path
      const contents = replacements.get(`${packageOf(importer)} ${imported}`)
      return contents === undefined ? undefined : { path: imported, namespace, pluginData: { contents, resolveDir } }
    })
    build.onLoad({ filter: /./, namespace }, ({ pluginData }) => pluginData)
    build.onResolve({ filter: /./, namespace }, ({ path, resolveDir }) =>
      lazyPackageNames.has(path) ? packages.defer(build, path, resolveDir) : undefined,
    )
  },
})

const belowNodeModules = (path: string): string =>
  path
    .split(/[\\/]node_modules[\\/]/)
    .at(-1)
    ?.replaceAll('\\', '/') ?? path

const packageOf = (path: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(belowNodeModules(path))?.[0] ?? ''
