import { randomUUID } from 'node:crypto'
import type { LocalStack } from '../local-stack/index.ts'
import { type SnowflakeConnection, StatementRefused } from './connection.ts'

/** The Snowflake of the local stack, in a session of its own. @param as a Snowflake caller of the map; absent: the first */
export const localConnection = (stack: LocalStack, as?: string): SnowflakeConnection => {
  const session = randomUUID()
  return {
    name: 'the Snowflake of the local stack',
    run: async (sql) => {
      const { results, failure } = await stack.runStatements({ session, sql, ...(as !== undefined && { as }) })
      if (failure) throw new StatementRefused(failure.message, failure)
      return results.map(({ columns, rows }) => ({ columns: columns.map(({ name }) => name), rows }))
    },
    [Symbol.asyncDispose]: async () => {},
  }
}
