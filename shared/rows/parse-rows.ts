import { ServiceError } from '../errors/index.ts'

/** A row: its number, then the SQL arguments. */
export type Row = readonly unknown[]

/** Maps a row to the input of a handler. */
export interface RowForm {
  /** The names of the SQL parameters, in order; parameters that end in `?` are optional. */
  readonly takes: readonly string[]
  readonly input: (row: Row) => unknown
}

/**
 * Parses the rows of a batch. Throws ROWS_INVALID, which names the invalid row. Row numbers must be 0, 1, 2, …, as in the
 * response. https://docs.snowflake.com/en/sql-reference/external-functions-data-format
 */
export const parseRows = (batch: unknown, { takes }: RowForm): readonly Row[] => {
  const data: unknown = typeof batch === 'object' && batch !== null && 'data' in batch ? batch.data : undefined
  if (!Array.isArray(data)) return refuse('The body must be an object with a list of rows: {"data":[[0,"Alice"]]}.')
  const least = takes.filter((name) => !name.endsWith('?')).length
  const [first]: readonly unknown[] = data
  const width = Array.isArray(first) ? first.length : 0
  for (const [index, row] of data.entries()) {
    if (!Array.isArray(row)) return refuse(`Row ${index} is not a list.`)
    if (row[0] !== index) return refuse(rowNumberFault(index, row[0]))
    if (row.length <= least || row.length > takes.length + 1) {
      return refuse(`Row ${index} has ${argumentsOf(row.length)}; the function takes (${takes.join(', ')}).`)
    }
    if (row.length !== width) {
      return refuse(`Row ${index} has ${argumentsOf(row.length)}, the rows before it ${argumentsOf(width)}.`)
    }
  }
  return data
}

const rowNumberFault = (index: number, found: unknown): string => {
  if (!Number.isInteger(found)) return `Row ${index} does not begin with its number.`
  if (typeof found === 'number' && found >= 0 && found < index) return `Row ${index} repeats the number ${found}.`
  return `Row ${index} has the number ${found}: numbers ascend from 0 by 1.`
}

const argumentsOf = (width: number): string => (width === 2 ? '1 argument' : `${width - 1} arguments`)

const refuse = (detail: string): never => {
  throw new ServiceError('ROWS_INVALID', { detail })
}
