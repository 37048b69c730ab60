import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { BuildOptions, Message, Metafile } from 'esbuild'
import { type Zippable, zipSync } from 'fflate'
import { driverPlugin } from './driver/index.ts'
import { createLazyPackages, lazyImports, packagesFile } from './lazy-packages.ts'

export interface Bundle {
  /** Path in the deployment package, like the function's Handler without the export: `functions/hello/handler.cjs`. */
  readonly entry: string
  readonly code: Uint8Array
  /** Not in the package: Lambda would load it with every cold start. */
  readonly sourceMap: Uint8Array
  /** Its worker threads, and the packages that are imported at run time, in the folder of the entry. */
  readonly additionalFiles: readonly BundledFile[]
}

export interface BundledFile {
  readonly path: string
  readonly code: Uint8Array
}

/**
 * Bundles a function and its imports to one minified file. Packages imported with `await import('…')` go to a second file:
 * for invoke, loading the SDK is most of a cold start, and rejected requests do not need it. A source `x-thread.ts` next to
 * `x.ts` is a worker thread and becomes its own file.
 *
 * CommonJS, because Node 24 imports it faster: measured for hello, 6.6 ms against 38 ms as an ES module, whose static
 * imports of built-in modules read every export of theirs (`node:http` then loads undici).
 * @param root the folder that holds `functions/`
 * @param handler the function's Handler without its export: `functions/hello/handler`
 */
export const bundle = async (root: string, handler: string): Promise<Bundle> => {
  const lazyPackages = createLazyPackages()
  const options = {
    ...buildOptions,
    absWorkingDir: root,
    plugins: [lazyImports(lazyPackages), driverPlugin(lazyPackages)],
  }
  const entry = `${handler}.cjs`
  const besideEntry = (name: string) => `${dirname(handler)}/${basename(name)}`

  const main = await bundleFile({ ...options, entryPoints: [`${handler}.ts`], outfile: entry, sourcemap: 'external' })
  const threads = await Promise.all(
    findThreadSources(root, main.metafile).map((source) =>
      bundleFile({ ...options, entryPoints: [source], outfile: besideEntry(source.replace(/\.ts$/, '.cjs')) }),
    ),
  )
  const contents = lazyPackages.sourceFor([main, ...threads].map(({ metafile }) => metafile))
  const stdin = contents !== undefined && { contents, resolveDir: root }
  const lazyBundle = stdin
    ? [await bundleFile({ ...buildOptions, absWorkingDir: root, stdin, outfile: besideEntry(packagesFile) })]
    : []
  return { entry, code: main.code, sourceMap: main.sourceMap, additionalFiles: [...threads, ...lazyBundle] }
}

const buildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // The SDK loads it only in browsers: a twelfth of a bundle with an SDK client.
  external: ['bowser'],
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  // Becomes `require`, which finds every export of a package.
  supported: { 'dynamic-import': false },
  // Packages as CommonJS too: SDK clients, which have both, load in 70 ms instead of 84 ms.
  conditions: [],
  write: false,
  metafile: true,
  logLevel: 'silent',
} as const satisfies BuildOptions

const bundleFile = async (options: BuildOptions & typeof buildOptions & { readonly outfile: string }) => {
  // Loaded here: the command line imports this file but rarely bundles.
  const { build } = await import('esbuild')
  const { outputFiles, warnings, metafile } = await build(options)
  if (warnings.length > 0) throw new Error(warnings.map(warningText).join('\n'))
  const output = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.contents ?? Uint8Array.of()
  return { path: options.outfile, code: output('.cjs'), sourceMap: output('.cjs.map'), metafile }
}

/** Sources of the worker threads of a bundle's sources. */
const findThreadSources = (root: string, { outputs }: Metafile): readonly string[] => {
  const sources = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))
  const ours = sources.filter((source) => source.endsWith('.ts') && !/(^|[\\/])node_modules[\\/]/.test(source))
  const threads = ours.map((source) => source.replace(/\.ts$/, '-thread.ts'))
  return threads.filter((thread) => existsSync(join(root, thread))).sort()
}

/** The zip for Lambda. Reproducible: its timestamp is fixed. */
export const deploymentPackage = ({ entry, code, additionalFiles }: Bundle): Uint8Array => {
  // Zip files store local time, from this date on. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.4.6
  const mtime = new Date(1980, 0, 1)
  const attributes = { mtime, os: unix, attrs: readableByAll, level: 9 } as const
  const files: Zippable = Object.fromEntries(
    [{ path: entry, code }, ...additionalFiles].map((file) => [file.path, [file.code, attributes]]),
  )
  return zipSync(files)
}

// Without explicit permissions, a file could be unreadable to Lambda's user. APPNOTE 4.4.2, 4.4.15
const unix = 3
const readableByAll = 0o100644 << 16

/** The files of `writeBundles` for a function: the zip for Lambda, and the source map. */
export const bundleFiles = (functionName: string): readonly [string, string] => [
  `${functionName}.zip`,
  `${functionName}.cjs.map`,
]

/** Bundles functions of the repository to a folder. */
export const writeBundles = async (root: string, functionNames: readonly string[], folder: string): Promise<void> => {
  await Promise.all(
    functionNames.map(async (name) => {
      const bundled = await bundle(root, `functions/${name}/handler`)
      const [zip, sourceMap] = bundleFiles(name)
      await writeFile(join(folder, zip), deploymentPackage(bundled))
      await writeFile(join(folder, sourceMap), bundled.sourceMap)
    }),
  )
}

const warningText = ({ text, location }: Message): string =>
  location ? `${location.file}:${location.line}:${location.column}: ${text}` : text
