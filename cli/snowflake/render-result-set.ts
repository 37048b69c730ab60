import type { ResultSet } from '../local-stack/local-stack-client.ts'

/** Renders a result as a table with the number of rows, or a status as one line. */
export const renderResult = ({ columns, rows, status }: ResultSet): string => {
  if (status !== undefined) return `${status}\n`
  const header = columns.map(({ name }) => name)
  const cells = rows.map((row) => row.map((value) => (value ?? 'NULL').replaceAll('\n', '\\n')))
  const widths = header.map((name, column) => Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' │ ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('─┼─')
  const count = `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`
  return [line(header), rule, ...cells.map(line), count].map((text) => `${text}\n`).join('')
}
