import type { Listing } from './catalogue/index.ts'
import type { Frame } from './query/index.ts'
import { text, toText, typeText } from './values/index.ts'

export interface ResultSet {
  readonly queryId: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Texts in Snowflake's default output formats, numbers with every digit. */
  readonly rows: readonly (readonly (string | null)[])[]
  /** The line that stands for the result of a statement without rows. */
  readonly status?: string
}

/** Before it is told which query it is of. */
export type Result = Omit<ResultSet, 'queryId'>

export const frameResult = ({ length, columns }: Frame): Result => ({
  columns: columns.map(({ name, type }) => ({ name, type: typeText(type.name === 'NULL' ? text : type) })),
  rows: Array.from({ length }, (_, row) => columns.map(({ type, values }) => toText(values[row] ?? null, type))),
})

export const statusResult = (status: string): Result => ({
  ...listing({ columns: ['status'], rows: [[status]] }),
  status,
})

export const listing = ({ columns, rows }: Listing): Result => ({
  columns: columns.map((name) => ({ name, type: typeText(text) })),
  rows,
})
