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

/** What a statement gave, with its values and types. */
export interface StatementResult {
  readonly frame: Frame
  readonly status?: string
}

export const statusResult = (status: string): StatementResult => ({
  ...listing({ columns: ['status'], rows: [[status]] }),
  status,
})

export const listing = ({ columns, rows }: Listing): StatementResult => ({
  frame: {
    length: rows.length,
    columns: columns.map((name, at) => ({
      name,
      table: undefined,
      type: text,
      values: rows.map((row) => row[at] ?? null),
    })),
  },
})

export const resultSet = (queryId: string, { frame: { length, columns }, status }: StatementResult): ResultSet => ({
  queryId,
  columns: columns.map(({ name, type }) => ({ name, type: typeText(type.name === 'NULL' ? text : type) })),
  rows: Array.from({ length }, (_, row) => columns.map(({ type, values }) => toText(values[row] ?? null, type))),
  ...(status !== undefined && { status }),
})
