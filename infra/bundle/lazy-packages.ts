import type { Metafile, OnResolveResult, Plugin, PluginBuild } from 'esbuild'

/** The file next to an entry with its lazily loaded packages. */
export const packagesFile = './packages.cjs'

const namespace = 'lazy'

/** Packages that the bundles of one function import at run time, each with its main file. */
export interface LazyPackages {
  /** Resolves an import to the packages file. */
  readonly defer: (build: PluginBuild, name: string, resolveDir: string) => Promise<OnResolveResult>
  /** The source of the packages file: one file, whose packages are loaded on first use. */
  readonly sourceFor: (bundles: readonly Metafile[]) => string | undefined
}

export const createLazyPackages = (): LazyPackages => {
  const files = new Map<string, string>()
  return {
    defer: async (build, name, resolveDir) => {
      const { path, errors } = await build.resolve(name, { kind: 'require-call', resolveDir })
      const knownPath = files.get(name) ?? path
      if (errors.length === 0 && knownPath !== path)
        throw new Error(`${name} has two versions: ${knownPath} and ${path}`)
      files.set(name, path)
      return { errors, path: name, namespace }
    },
    sourceFor: (bundles) => {
      const getters = lazyPackageNames(bundles).map((name) => {
        return `get ${JSON.stringify(name)}() { return require(${JSON.stringify(files.get(name))}) }`
      })
      return getters.length > 0 ? `module.exports = { ${getters.join(', ')} }` : undefined
    },
  }
}

/** The packages that remain after tree shaking: packages of other functions add nothing. */
const lazyPackageNames = (bundles: readonly Metafile[]): readonly string[] => {
  const inputs = bundles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) => Object.keys(output.inputs)),
  )
  const names = inputs
    .filter((input) => input.startsWith(`${namespace}:`))
    .map((input) => input.slice(namespace.length + 1))
  return [...new Set(names)].sort()
}

/** Handles `await import('…')` in our own files, and imports that another plugin defers. */
export const lazyImports = (packages: LazyPackages): Plugin => ({
  name: 'lazy imports of packages',
  setup: (build) => {
    build.onResolve({ filter: /^[^./]/ }, ({ kind, path, importer, resolveDir }) =>
      kind !== 'dynamic-import' || path.startsWith('node:') || /[\\/]node_modules[\\/]/.test(importer)
        ? undefined
        : packages.defer(build, path, resolveDir),
    )
    build.onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: `module.exports = require('${packagesFile}')[${JSON.stringify(path)}]`,
    }))
    build.onResolve({ filter: /./, namespace }, ({ path }) => ({ path, external: true }))
  },
})
