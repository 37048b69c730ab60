import { randomUUID } from 'node:crypto'
import type { LocalStackClient } from '../local-stack/local-stack-client.ts'
import { type SnowflakeConnection, StatementRejected } from './snowflake-connection.ts'

/** A new session of the local Snowflake. @param as a Snowflake caller of the map; absent: the first */
export const createLocalConnection = (stack: LocalStackClient, as?: string): SnowflakeConnection => {
  const session = randomUUID()
  return {
    name: 'the Snowflake of the local stack',
    run: async (sql) => {
      const { results, failure } = await stack.runStatements({ session, sql, ...(as !== undefined && { as }) })
      if (failure) throw new StatementRejected(failure.message, failure)
      return results.map(({ columns, rows }) => ({ columns: columns.map(({ name }) => name), rows }))
    },
    [Symbol.asyncDispose]: async () => {},
  }
}
