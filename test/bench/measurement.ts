export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** The interquartile range of the values. */
export const spread = (values: readonly number[]): string => {
  const sorted = values.toSorted((left, right) => left - right)
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN
  return `${at(0.25).toFixed(2)}–${at(0.75).toFixed(2)}`
}

export interface Measurement {
  readonly name: string
  readonly measured: string
  readonly comparison: string
  readonly budget: string
}

export const printTable = (rows: readonly Measurement[]): void => {
  const columns = ['name', 'measured', 'comparison', 'budget'] as const
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
  console.log(line(columns))
  console.log(line(widths.map((width) => '─'.repeat(width))))
  for (const row of rows) console.log(line(columns.map((column) => row[column])))
}
