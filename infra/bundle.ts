import { build, type Message } from 'esbuild'
import { type Zippable, zipSync } from 'fflate'

export interface Bundle {
  /** Path in the deployment package, as the function's Handler has it but for the export: `functions/hello/handler.cjs`. */
  readonly entry: string
  readonly code: Uint8Array
  /** Kept beside the package and out of it: Lambda would load it with every cold start. */
  readonly sourceMap: Uint8Array
}

/**
 * One function with everything it imports as one minified file.
 *
 * CommonJS, because Node 24 imports it faster: measured for hello, 6.6 ms against 38 ms as an ES module, whose static
 * imports of built-in modules read every export of theirs (`node:http` then loads undici).
 * @param root the folder that holds `functions/`
 * @param handler the function's Handler without its export: `functions/hello/handler`
 */
export const bundle = async (root: string, handler: string): Promise<Bundle> => {
  const { outputFiles, warnings } = await build({
    absWorkingDir: root,
    entryPoints: [`${handler}.ts`],
    outfile: `${handler}.cjs`,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    sourcemap: 'external',
    write: false,
    logLevel: 'silent',
  })
  if (warnings.length > 0) throw new Error(warnings.map(warningText).join('\n'))
  const output = (ending: string): Uint8Array => {
    const file = outputFiles.find(({ path }) => path.endsWith(ending))
    if (!file) throw new Error(`esbuild wrote no ${ending} for ${handler}`)
    return file.contents
  }
  return { entry: `${handler}.cjs`, code: output('.cjs'), sourceMap: output('.cjs.map') }
}

/** The zip that Lambda unpacks. The same code gives the same bytes: the only time in it is fixed. */
export const deploymentPackage = ({ entry, code }: Bundle): Uint8Array => {
  // Zip files tell local time, from here on. https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.4.6
  const mtime = new Date(1980, 0, 1)
  const files: Zippable = { [entry]: [code, { mtime, os: unix, attrs: readableByAll, level: 9 }] }
  return zipSync(files)
}

// Without permissions of its own, a file could be unreadable to the user that Lambda runs as. APPNOTE 4.4.2, 4.4.15
const unix = 3
const readableByAll = 0o100644 << 16

const warningText = ({ text, location }: Message): string =>
  location ? `${location.file}:${location.line}:${location.column}: ${text}` : text
