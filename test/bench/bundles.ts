import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { median, type Row, spread } from './measure.ts'

const repeats = 31

/** Milliseconds from before the import of a module to after it, in a process that has done nothing else. */
const importTime = (file: string): number =>
  Number(
    execFileSync(process.execPath, [
      '--input-type=module',
      '--eval',
      `const before = performance.now(); await import(${JSON.stringify(file)}); console.log(performance.now() - before)`,
    ]).toString(),
  )

/** Import of each bundle beside an empty handler of the same module kind, turn by turn; and the sizes of the zips. */
export const benchBundles = (packageDirectory: string): Row[] => {
  const folder = mkdtempSync(join(tmpdir(), 'snowgate-bench-'))
  const [[name, code] = []] = Object.entries(unzipSync(readFileSync(join(packageDirectory, 'hello.zip'))))
  if (name === undefined || code === undefined) throw new Error('hello.zip is empty')
  const extension = name.slice(name.lastIndexOf('.'))
  const bundle = join(folder, `hello${extension}`)
  const empty = join(folder, `empty${extension}`)
  writeFileSync(bundle, code)
  writeFileSync(
    empty,
    extension === '.cjs' ? 'exports.handler = async () => {}' : 'export const handler = async () => {}',
  )

  const times = { bundle: [] as number[], empty: [] as number[] }
  for (let repeat = 0; repeat < repeats; repeat++) {
    times.empty.push(importTime(empty))
    times.bundle.push(importTime(bundle))
  }
  const over = median(times.bundle) - median(times.empty)
  const zipSize = statSync(join(packageDirectory, 'hello.zip')).size
  return [
    {
      what: 'import of the hello bundle',
      measured: `${median(times.bundle).toFixed(2)} ms (${spread(times.bundle)})`,
      beside: `an empty handler: ${median(times.empty).toFixed(2)} ms (${spread(times.empty)}); over it ${over.toFixed(2)} ms`,
      budget: '≤ 10 ms over',
    },
    { what: 'zip of hello', measured: `${(zipSize / 1024).toFixed(1)} KB`, beside: '', budget: '≤ 30 KB' },
  ]
}
