import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildSync } from 'esbuild'
import { unzipSync } from 'fflate'
import { type Measurement, median, spread } from './measurement.ts'

const repeats = 31

/** Milliseconds from before the import of a module to after it, in a process that has done nothing else. */
export const importTime = (file: string, variables: Readonly<Record<string, string>> = {}): number => {
  const program = `const before = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - before)`
  const env = { ...process.env, ...variables }
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { env }).toString())
}

export const benchFolder = (): string => mkdtempSync(join(tmpdir(), 'snowgate-bench-'))

/** The folder of a function's files as Lambda has it, within another. */
export const unpack = (packageDirectory: string, folder: string, name: string): string => {
  const target = join(folder, name)
  for (const [path, code] of Object.entries(unzipSync(readFileSync(join(packageDirectory, `${name}.zip`))))) {
    mkdirSync(dirname(join(target, path)), { recursive: true })
    writeFileSync(join(target, path), code)
  }
  return join(target, 'functions', name)
}

export const writeEmptyModule = (folder: string): string => {
  const empty = join(folder, 'empty.cjs')
  writeFileSync(empty, 'exports.handler = async () => {}')
  return empty
}

/** Unpacked bundles by name, with an empty handler and plainly bundled SDK client and signer for comparison. */
const unpackAll = (packageDirectory: string) => {
  const folder = benchFolder()
  const handlerOf = (name: string) => join(unpack(packageDirectory, folder, name), 'handler.cjs')
  const empty = writeEmptyModule(folder)
  const plain = join(folder, 'plain.cjs')
  buildSync({
    stdin: {
      contents: `export { STSClient, AssumeRoleCommand } from '@aws-sdk/client-sts'
        export { SignatureV4 } from '@smithy/signature-v4'`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    outfile: plain,
  })
  return { empty, hello: handlerOf('hello'), invoke: handlerOf('invoke'), plain }
}

/** Import of each bundle, turn by turn; and the sizes of the zips. */
export const benchBundles = (packageDirectory: string): Measurement[] => {
  const files = unpackAll(packageDirectory)
  const times = { empty: [] as number[], hello: [] as number[], invoke: [] as number[], plain: [] as number[] }
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const name of ['empty', 'hello', 'invoke', 'plain'] as const) times[name].push(importTime(files[name]))
  }
  const over = (name: keyof typeof times) => median(times[name]) - median(times.empty)
  const timed = (name: keyof typeof times) => `${median(times[name]).toFixed(2)} ms (${spread(times[name])})`
  const zip = (name: string, budget: number): Measurement => ({
    name: `zip of ${name}`,
    measured: `${(statSync(join(packageDirectory, `${name}.zip`)).size / 1024).toFixed(1)} KB`,
    comparison: '',
    budget: `≤ ${budget} KB`,
  })
  return [
    {
      name: 'import of the hello bundle',
      measured: timed('hello'),
      comparison: `an empty handler: ${timed('empty')}; over it ${over('hello').toFixed(2)} ms`,
      budget: '≤ 10 ms over',
    },
    {
      name: 'import of the invoke bundle',
      measured: timed('invoke'),
      comparison: `client-sts and signature-v4 bundled plainly: ${timed('plain')}; over bare Node ${(over('invoke') / over('plain')).toFixed(2)} of it`,
      budget: '≤ 0.5 of it',
    },
    zip('hello', 30),
    zip('invoke', 150),
    zip('snowflake-probe', 600),
  ]
}
