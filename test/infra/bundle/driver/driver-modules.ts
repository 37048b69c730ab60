import { join } from 'node:path'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import { driverPlugin } from '../../../../infra/bundle/driver/index.ts'

export const root = join(import.meta.dirname, '..', '..', '..', '..')

const metafileOf = async (plugins: BuildOptions['plugins'] = []): Promise<Metafile> => {
  const { metafile } = await build({
    stdin: { contents: `import driver from 'snowflake-sdk'; driver.createConnection({})`, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    conditions: [],
    external: ['bowser'],
    metafile: true,
    write: false,
    outfile: 'driver.cjs',
    logLevel: 'silent',
    plugins,
  })
  return metafile
}

/** The modules of the installed driver. */
export const installed = await metafileOf()

/** The modules of the bundled driver, with its lazy packages. */
export const bundled = await metafileOf([
  driverPlugin({
    defer: async (builder, name, resolveDir) => {
      const { path, errors } = await builder.resolve(name, { kind: 'require-call', resolveDir })
      return { path, errors }
    },
    sourceFor: () => undefined,
  }),
])

/** `snowflake-sdk/dist/index.js` */
export const belowNodeModules = (path: string): string => path.split('node_modules/').at(-1) ?? path

export const packageOf = (path: string): string => /^(?:@[^/]+\/)?[^/]+/.exec(belowNodeModules(path))?.[0] ?? ''

/** Whether a name of the tables is this import: a package, or a file without its extension. */
export const isTableEntry = (name: string, imported: { readonly path: string; readonly original?: string }): boolean =>
  imported.original === name || imported.path === name || belowNodeModules(imported.path) === `${name}.js`
