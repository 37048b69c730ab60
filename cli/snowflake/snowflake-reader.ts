import { InconclusiveError } from '../command-failure.ts'
import {
  isMissingObject,
  type SnowflakeConnection,
  StatementRejected,
  singleStatementRunner,
} from './snowflake-connection.ts'

/** What DESC shows, by property in capitals; a value that is not set is absent. */
export type ObjectProperties = ReadonlyMap<string, string>

/** A row of a listing, by column in small letters. */
type ListRow = Readonly<Record<string, string | undefined>>

/** Reads an account. An object without read privileges looks missing: Snowflake does not distinguish the two. */
export interface SnowflakeReader {
  /** Undefined where there is none of that name. */
  readonly describe: (what: string) => Promise<ObjectProperties | undefined>
  readonly list: (statement: string) => Promise<readonly ListRow[] | undefined>
  /** Runs a query and hands its words on when it fails. */
  readonly runQuery: (query: string) => Promise<{ readonly value: string | null } | { readonly rejection: string }>
}

export const createSnowflakeReader = (connection: SnowflakeConnection): SnowflakeReader => {
  const run = singleStatementRunner(connection)
  const rowsOf = async (statement: string): Promise<readonly ListRow[] | undefined> => {
    try {
      const { columns, rows } = await run(statement)
      return rows.map((row) =>
        Object.fromEntries(columns.map((column, at) => [column.toLowerCase(), row[at] ?? undefined])),
      )
    } catch (error) {
      if (isMissingObject(error)) return undefined
      if (error instanceof StatementRejected) throw new InconclusiveError(`${statement}: ${error.message}`)
      throw error
    }
  }
  return {
    list: rowsOf,
    describe: async (what) => {
      const rows = await rowsOf(`DESC ${what}`)
      if (!rows) return undefined
      // Integrations have property_value, users and functions value, and a network rule a column for each property.
      const named = rows.flatMap((row) => {
        const name = row['property']
        return name === undefined ? Object.entries(row) : [[name, row['property_value'] ?? row['value']] as const]
      })
      return new Map(
        named.flatMap(([name, value]) =>
          value === undefined || value === 'null' ? [] : [[name.toUpperCase(), value] as const],
        ),
      )
    },
    runQuery: async (query) => {
      try {
        const { rows } = await run(query)
        return { value: rows[0]?.[0] ?? null }
      } catch (error) {
        if (error instanceof StatementRejected) return { rejection: error.message }
        throw error
      }
    },
  }
}
