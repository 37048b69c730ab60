import { isMissing, runOne, type SnowflakeConnection, StatementRefused } from '../../snowflake-connection/index.ts'
import { CannotTell } from '../finding.ts'

/** What DESC shows, by property in capitals; a value that is not set is absent. */
export type Properties = ReadonlyMap<string, string>

/** A row of a listing, by column in small letters. */
type Row = Readonly<Record<string, string | undefined>>

/** Reads what an account holds. Whoever may not see a thing is told of it as of a missing one: Snowflake does not tell the two apart. */
export interface Look {
  /** Undefined where there is none of that name. */
  readonly describe: (what: string) => Promise<Properties | undefined>
  readonly list: (statement: string) => Promise<readonly Row[] | undefined>
  /** Runs a query and hands its words on when it fails. */
  readonly ask: (query: string) => Promise<{ readonly value: string | null } | { readonly refusal: string }>
}

export const look = (connection: SnowflakeConnection): Look => {
  const run = runOne(connection)
  const rowsOf = async (statement: string): Promise<readonly Row[] | undefined> => {
    try {
      const { columns, rows } = await run(statement)
      return rows.map((row) =>
        Object.fromEntries(columns.map((column, at) => [column.toLowerCase(), row[at] ?? undefined])),
      )
    } catch (error) {
      if (isMissing(error)) return undefined
      if (error instanceof StatementRefused) throw new CannotTell(`${statement}: ${error.message}`)
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
    ask: async (query) => {
      try {
        const { rows } = await run(query)
        return { value: rows[0]?.[0] ?? null }
      } catch (error) {
        if (error instanceof StatementRefused) return { refusal: error.message }
        throw error
      }
    },
  }
}
