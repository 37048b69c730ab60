import type { Metafile, OnResolveResult, Plugin, PluginBuild } from 'esbuild'

/** The file beside an entry in which its later packages are. */
export const packagesFile = './packages.cjs'

const namespace = 'later'

/** Packages that bundles beside each other import while they run, each noted with the file that it begins in. */
export interface LaterPackages {
  /** Leaves an import to the packages' file. */
  readonly leave: (build: PluginBuild, name: string, resolveDir: string) => Promise<OnResolveResult>
  /** The source of that file with the packages of these bundles: read together, and loaded one by one. */
  readonly sourceFor: (bundles: readonly Metafile[]) => string | undefined
}

export const createLaterPackages = (): LaterPackages => {
  const files = new Map<string, string>()
  return {
    leave: async (build, name, resolveDir) => {
      const { path, errors } = await build.resolve(name, { kind: 'require-call', resolveDir })
      const known = files.get(name) ?? path
      if (errors.length === 0 && known !== path) throw new Error(`${name} is there twice: ${known} and ${path}`)
      files.set(name, path)
      return { errors, path: name, namespace }
    },
    sourceFor: (bundles) => {
      const getters = namesIn(bundles).map((name) => {
        return `get ${JSON.stringify(name)}() { return require(${JSON.stringify(files.get(name))}) }`
      })
      return getters.length > 0 ? `module.exports = { ${getters.join(', ')} }` : undefined
    },
  }
}

/** Those that are left when what nobody uses is gone: a package that another function imports weighs nothing here. */
const namesIn = (bundles: readonly Metafile[]): readonly string[] => {
  const inputs = bundles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) => Object.keys(output.inputs)),
  )
  const names = inputs
    .filter((input) => input.startsWith(`${namespace}:`))
    .map((input) => input.slice(namespace.length + 1))
  return [...new Set(names)].sort()
}

/** Later imports are those of our own files by `await import('…')`, and those that another plugin leaves here. */
export const laterImports = (packages: LaterPackages): Plugin => ({
  name: 'later imports of packages',
  setup: (build) => {
    build.onResolve({ filter: /^[^./]/ }, ({ kind, path, importer, resolveDir }) =>
      kind !== 'dynamic-import' || path.startsWith('node:') || /[\\/]node_modules[\\/]/.test(importer)
        ? undefined
        : packages.leave(build, path, resolveDir),
    )
    build.onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: `module.exports = require('${packagesFile}')[${JSON.stringify(path)}]`,
    }))
    build.onResolve({ filter: /./, namespace }, ({ path }) => ({ path, external: true }))
  },
})
