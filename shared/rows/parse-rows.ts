import { ServiceError } from '../errors/service-error.ts'

/** A row: its number, then the SQL arguments. */
export type Row = readonly unknown[]

/** Maps a row to the input of a handler. */
export interface RowMapping {
  /** The names of the SQL parameters, in order; parameters that end in `?` are optional. */
  readonly parameters: readonly string[]
  readonly toInput: (row: Row) => unknown
}

/**
 * Parses the rows of a batch. Throws ROWS_INVALID, which names the invalid row. Row numbers must be 0, 1, 2, …, as in the
 * response. https://docs.snowflake.com/en/sql-reference/external-functions-data-format
 */
export const parseRows = (batch: unknown, { parameters }: RowMapping): readonly Row[] => {
  const data: unknown = typeof batch === 'object' && batch !== null && 'data' in batch ? batch.data : undefined
  if (!Array.isArray(data)) return reject('The body must be an object with a list of rows: {"data":[[0,"Alice"]]}.')
  const required = parameters.filter((name) => !name.endsWith('?')).length
  const [first]: readonly unknown[] = data
  const width = Array.isArray(first) ? first.length : 0
  for (const [index, row] of data.entries()) {
    if (!Array.isArray(row)) return reject(`Row ${index} is not a list.`)
    if (row[0] !== index) return reject(rowNumberError(index, row[0]))
    if (row.length <= required || row.length > parameters.length + 1) {
      return reject(`Row ${index} has ${argumentCount(row.length)}; the function takes (${parameters.join(', ')}).`)
    }
    if (row.length !== width) {
      return reject(`Row ${index} has ${argumentCount(row.length)}, the rows before it ${argumentCount(width)}.`)
    }
  }
  return data
}

const rowNumberError = (index: number, found: unknown): string => {
  if (!Number.isInteger(found)) return `Row ${index} does not begin with its number.`
  if (typeof found === 'number' && found >= 0 && found < index) return `Row ${index} repeats the number ${found}.`
  return `Row ${index} has the number ${found}: numbers ascend from 0 by 1.`
}

const argumentCount = (width: number): string => (width === 2 ? '1 argument' : `${width - 1} arguments`)

const reject = (detail: string): never => {
  throw new ServiceError('ROWS_INVALID', { detail })
}
