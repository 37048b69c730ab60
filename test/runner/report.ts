interface Failure {
  /** The titles of the suites and of the test; empty if the file as a whole failed. */
  readonly title: readonly string[]
  readonly text: string
}

export interface FileResult {
  readonly file: string
  readonly milliseconds: number
  readonly passed: number
  readonly skipped: readonly { readonly title: readonly string[]; readonly reason: string }[]
  readonly failures: readonly Failure[]
  /** Output of the tests on stdout and stderr; printed if the file failed. */
  readonly output: string
}

const seconds = (milliseconds: number) => `${(milliseconds / 1_000).toFixed(1)} s`
const indent = (text: string) => text.replace(/^(?=.)/gm, '    ')

/** One line for each file, complete failures, and a summary that ends with the counts. */
export const createReport = ({ write, selected }: { write: (text: string) => void; selected: boolean }) => {
  const results: FileResult[] = []

  const add = (result: FileResult): void => {
    const { file, passed, skipped, failures, milliseconds } = result
    const ran = passed + failures.length + skipped.length
    if (selected && ran === 0) return
    results.push(result)
    const counts = [
      ...(failures.length > 0 ? [`${failures.length} failed`] : []),
      `${passed} passed`,
      ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
    ]
    write(`${failures.length > 0 ? '✖' : '✔'} ${file}  ${counts.join(', ')}  ${seconds(milliseconds)}\n`)
    for (const failure of failures) writeFailure(file, failure)
    if (failures.length > 0 && result.output.trim() !== '') {
      write(`  The tests of ${file} wrote:\n${indent(result.output.trimEnd())}\n\n`)
    }
  }

  const writeFailure = (file: string, { title, text }: Failure): void => {
    const name = title.at(-1)
    const command = `npm test -- ${file}${name === undefined ? '' : ` ${shellQuote(name)}`}`
    write(`\n  ✖ ${title.join(' › ') || file}\n${indent(text)}\n\n    Run it alone: ${command}\n\n`)
  }

  /** Prints the summary; returns whether all tests passed. */
  const finish = (milliseconds: number): boolean => {
    const slowest = results.toSorted((one, other) => other.milliseconds - one.milliseconds).slice(0, 5)
    if (results.length > 5) {
      write('\nSlowest files:\n')
      for (const { file, milliseconds } of slowest) write(`  ${seconds(milliseconds).padStart(7)}  ${file}\n`)
    }
    const skipped = results.flatMap(({ file, skipped }) => skipped.map(({ reason }) => `${file}: ${reason}`))
    if (skipped.length > 0) write('\nSkipped:\n')
    for (const line of new Set(skipped)) write(`  ${skipped.filter((other) => other === line).length} × ${line}\n`)
    const failures = results.flatMap(({ file, failures }) => failures.map(({ title }) => [file, ...title].join(' › ')))
    if (failures.length > 0) write(`\nFailed:\n${failures.map((line) => `  ${line}\n`).join('')}`)
    const passed = results.reduce((sum, result) => sum + result.passed, 0)
    write(`\n${results.length} files in ${seconds(milliseconds)}\n`)
    write(`${passed} passed, ${failures.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}\n`)
    if (passed + failures.length === 0) write('No test matches.\n')
    return failures.length === 0 && passed + skipped.length > 0
  }

  return { add, finish }
}

/** Quotes an argument for a POSIX shell. */
const shellQuote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
