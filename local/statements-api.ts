import { z } from 'zod'
import type { WireAnswer } from './http/index.ts'
import { LocalLimit, type ResultSet, SnowflakeError } from './snowflake/index.ts'
import type { SnowflakeAccount } from './snowflake-accounts.ts'
import { json, parseJson } from './stack-answer.ts'

const order = z.object({
  /** A Snowflake caller of the map; absent: the first. */
  as: z.string().optional(),
  /** The caller's own name for its session. */
  session: z.string().max(100),
  sql: z.string(),
})

/** Runs the statements of `{"as"?, "session", "sql"}`; the answer has the results before a failure, and the failure. */
export const createStatementsApi =
  (accountsNow: () => ReadonlyMap<string, SnowflakeAccount>, ending: AbortSignal) =>
  async (body: Uint8Array): Promise<WireAnswer> => {
    const parsed = order.safeParse(parseJson(body))
    if (!parsed.success) return json(400, { error: { message: 'It must be {"as"?, "session", "sql"} as JSON.' } })
    const { as, session, sql } = parsed.data
    const accounts = accountsNow()
    const account = as === undefined ? [...accounts.values()][0] : accounts.get(as)
    if (!account) {
      const there = accounts.size > 0 ? `There are: ${[...accounts.keys()].join(', ')}.` : 'The stage has none.'
      return json(404, { error: { message: `There is no Snowflake caller "${as ?? ''}". ${there}` } })
    }
    const results: ResultSet[] = []
    try {
      for await (const result of account.session(session).execute(sql, ending)) results.push(result)
      return json(200, { results })
    } catch (error) {
      if (!(error instanceof SnowflakeError || error instanceof LocalLimit)) throw error
      const { message } = error
      const known = error instanceof SnowflakeError ? { code: error.code, sqlState: error.sqlState } : { limit: true }
      return json(200, { results, failure: { message, ...known } })
    }
  }
