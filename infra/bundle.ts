import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { BuildOptions, Message, Metafile } from 'esbuild'
import { type Zippable, zipSync } from 'fflate'
import { driverPlugin } from './driver/index.ts'
import { createLaterPackages, laterImports, packagesFile } from './later-packages.ts'

export interface Bundle {
  /** Path in the deployment package, as the function's Handler has it but for the export: `functions/hello/handler.cjs`. */
  readonly entry: string
  readonly code: Uint8Array
  /** Kept beside the package and out of it: Lambda would load it with every cold start. */
  readonly sourceMap: Uint8Array
  /** Threads that it starts, and the packages that it and they import while they run; in the folder of the entry. */
  readonly beside: readonly BundledFile[]
}

export interface BundledFile {
  readonly path: string
  readonly code: Uint8Array
}

/**
 * One function with everything it imports as one minified file. What it imports from packages later, `await import('…')`, is
 * left to a second one: measured for invoke, reading the SDK is most of a cold start, and refusals do without it. A source
 * `x.ts` with an `x-thread.ts` at its side starts it as a thread, which is a file of its own as well.
 *
 * CommonJS, because Node 24 imports it faster: measured for hello, 6.6 ms against 38 ms as an ES module, whose static
 * imports of built-in modules read every export of theirs (`node:http` then loads undici).
 * @param root the folder that holds `functions/`
 * @param handler the function's Handler without its export: `functions/hello/handler`
 */
export const bundle = async (root: string, handler: string): Promise<Bundle> => {
  const packages = createLaterPackages()
  const options = { ...shared, absWorkingDir: root, plugins: [laterImports(packages), driverPlugin(packages)] }
  const entry = `${handler}.cjs`
  const inFolder = (name: string) => `${dirname(handler)}/${basename(name)}`

  const main = await bundleFile({ ...options, entryPoints: [`${handler}.ts`], outfile: entry, sourcemap: 'external' })
  const threads = await Promise.all(
    threadsOf(root, main.metafile).map((source) =>
      bundleFile({ ...options, entryPoints: [source], outfile: inFolder(source.replace(/\.ts$/, '.cjs')) }),
    ),
  )
  const contents = packages.sourceFor([main, ...threads].map(({ metafile }) => metafile))
  const stdin = contents !== undefined && { contents, resolveDir: root }
  const later = stdin
    ? [await bundleFile({ ...shared, absWorkingDir: root, stdin, outfile: inFolder(packagesFile) })]
    : []
  return { entry, code: main.code, sourceMap: main.sourceMap, beside: [...threads, ...later] }
}

const shared = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // The SDK loads it in browsers alone: a twelfth of a bundle with a client of the SDK in it.
  external: ['bowser'],
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
  // As `require`, which finds every name that a package exports.
  supported: { 'dynamic-import': false },
  // CommonJS of packages as well: measured for the clients of the SDK, which have both, 70 ms to load against 84 ms.
  conditions: [],
  write: false,
  metafile: true,
  logLevel: 'silent',
} as const satisfies BuildOptions

const bundleFile = async (options: BuildOptions & typeof shared & { readonly outfile: string }) => {
  // Loaded here: the command line imports this file, and seldom bundles.
  const { build } = await import('esbuild')
  const { outputFiles, warnings, metafile } = await build(options)
  if (warnings.length > 0) throw new Error(warnings.map(warningText).join('\n'))
  const output = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.contents ?? Uint8Array.of()
  return { path: options.outfile, code: output('.cjs'), sourceMap: output('.cjs.map'), metafile }
}

/** Sources of threads, by the sources that are in a bundle. */
const threadsOf = (root: string, { outputs }: Metafile): readonly string[] => {
  const sources = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))
  const ours = sources.filter((source) => source.endsWith('.ts') && !/(^|[\\/])node_modules[\\/]/.test(source))
  const threads = ours.map((source) => source.replace(/\.ts$/, '-thread.ts'))
  return threads.filter((thread) => existsSync(join(root, thread))).sort()
}

/** The zip that Lambda unpacks. The same code gives the same bytes: the only time in it is fixed. */
export const deploymentPackage = ({ entry, code, beside }: Bundle): Uint8Array => {
  // Zip files tell local time, from here on. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.4.6
  const mtime = new Date(1980, 0, 1)
  const attributes = { mtime, os: unix, attrs: readableByAll, level: 9 } as const
  const files: Zippable = Object.fromEntries(
    [{ path: entry, code }, ...beside].map((file) => [file.path, [file.code, attributes]]),
  )
  return zipSync(files)
}

// Without permissions of its own, a file could be unreadable to the user that Lambda runs as. APPNOTE 4.4.2, 4.4.15
const unix = 3
const readableByAll = 0o100644 << 16

/** The files that `writeBundles` writes for a function: what Lambda gets, and the source map. */
export const bundleFiles = (functionName: string): readonly [string, string] => [
  `${functionName}.zip`,
  `${functionName}.cjs.map`,
]

/** Bundles functions of the repository into a folder. */
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
