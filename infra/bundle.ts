import { dirname } from 'node:path'
import { type BuildOptions, build, type Message, type Plugin } from 'esbuild'
import { type Zippable, zipSync } from 'fflate'

export interface Bundle {
  /** Path in the deployment package, as the function's Handler has it but for the export: `functions/hello/handler.cjs`. */
  readonly entry: string
  readonly code: Uint8Array
  /** Kept beside the package and out of it: Lambda would load it with every cold start. */
  readonly sourceMap: Uint8Array
  /** The packages that the function imports while it runs, as a file beside the entry; absent when there are none. */
  readonly packages?: { readonly path: string; readonly code: Uint8Array }
}

/**
 * One function with everything it imports as one minified file; what it imports from packages later, `await import('…')`, is a
 * second one: measured for invoke, reading the SDK is most of a cold start, and refusals do without it.
 *
 * CommonJS, because Node 24 imports it faster: measured for hello, 6.6 ms against 38 ms as an ES module, whose static
 * imports of built-in modules read every export of theirs (`node:http` then loads undici).
 * @param root the folder that holds `functions/`
 * @param handler the function's Handler without its export: `functions/hello/handler`
 */
export const bundle = async (root: string, handler: string): Promise<Bundle> => {
  const later = await laterImports(root, handler)
  const { outputFiles, warnings } = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: [`${handler}.ts`],
    outfile: `${handler}.cjs`,
    plugins: [setApart(() => `./${packagesFile}`)],
    // As `require`, which finds every name that a package exports.
    supported: { 'dynamic-import': false },
    sourcemap: 'external',
  })
  if (warnings.length > 0) throw new Error(warnings.map(warningText).join('\n'))
  const output = (ending: string): Uint8Array => {
    const file = outputFiles.find(({ path }) => path.endsWith(ending))
    if (!file) throw new Error(`esbuild wrote no ${ending} for ${handler}`)
    return file.contents
  }
  const packages = later.length > 0 && { packages: await bundlePackages(root, dirname(handler), later) }
  return { entry: `${handler}.cjs`, code: output('.cjs'), sourceMap: output('.cjs.map'), ...packages }
}

const options = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // The SDK loads it in browsers alone: a twelfth of a bundle with a client of the SDK in it.
  external: ['bowser'],
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  write: false,
  logLevel: 'silent',
} as const satisfies BuildOptions

const packagesFile = 'packages.cjs'

/** Leaves the later imports of packages in our own files to another path. */
const setApart = (pathOf: (name: string) => string): Plugin => ({
  name: 'later imports of packages',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^[^./]/ }, ({ kind, path, importer }) =>
      kind !== 'dynamic-import' || path.startsWith('node:') || /[\\/]node_modules[\\/]/.test(importer)
        ? undefined
        : { path: pathOf(path), external: true },
    )
  },
})

/** Those of them that are left when what nobody uses is gone: a package that another function imports weighs nothing here. */
const laterImports = async (root: string, handler: string): Promise<readonly string[]> => {
  const { metafile } = await build({
    ...options,
    absWorkingDir: root,
    entryPoints: [`${handler}.ts`],
    outfile: `${handler}.cjs`,
    plugins: [setApart((name) => name)],
    metafile: true,
  })
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  const names = imports.filter(({ kind, path }) => kind === 'dynamic-import' && !path.startsWith('node:'))
  return [...new Set(names.map(({ path }) => path))].sort()
}

/** One file for all, since they share most of what they import in turn. */
const bundlePackages = async (root: string, folder: string, names: readonly string[]) => {
  const { outputFiles } = await build({
    ...options,
    stdin: { contents: names.map((name) => `export * from '${name}'`).join('\n'), resolveDir: root },
  })
  const [file] = outputFiles
  if (!file) throw new Error(`esbuild wrote nothing for ${names.join(', ')}`)
  return { path: `${folder}/${packagesFile}`, code: file.contents }
}

/** The zip that Lambda unpacks. The same code gives the same bytes: the only time in it is fixed. */
export const deploymentPackage = ({ entry, code, packages }: Bundle): Uint8Array => {
  // Zip files tell local time, from here on. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.4.6
  const mtime = new Date(1980, 0, 1)
  const attributes = { mtime, os: unix, attrs: readableByAll, level: 9 } as const
  const files: Zippable = {
    [entry]: [code, attributes],
    ...(packages && { [packages.path]: [packages.code, attributes] }),
  }
  return zipSync(files)
}

// Without permissions of its own, a file could be unreadable to the user that Lambda runs as. APPNOTE 4.4.2, 4.4.15
const unix = 3
const readableByAll = 0o100644 << 16

const warningText = ({ text, location }: Message): string =>
  location ? `${location.file}:${location.line}:${location.column}: ${text}` : text
