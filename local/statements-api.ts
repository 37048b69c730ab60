import { z } from 'zod'
import type { WireAnswer } from './http/index.ts'
import { LocalLimit, type ResultSet, SnowflakeError } from './snowflake/index.ts'
import type { SnowflakeAccount } from './snowflake-accounts.ts'

const order = z.object({
  /** A Snowflake caller of the map; absent: the first. */
  as: z.string().optional(),
  /** The caller's own name for its session. */
  session: z.string().max(100),
  sql: z.string(),
})

/** Runs the statements of `{"as"?, "session", "sql"}`; the answer has the results before a failure, and the failure. */
export const createStatementsApi =
  (accounts: ReadonlyMap<string, SnowflakeAccount>) =>
  async (body: Uint8Array): Promise<WireAnswer> => {
    const parsed = order.safeParse(parseJson(body))
    if (!parsed.success) return answer(400, { error: { message: 'It must be {"as"?, "session", "sql"} as JSON.' } })
    const { as, session, sql } = parsed.data
    const account = as === undefined ? [...accounts.values()][0] : accounts.get(as)
    if (!account) {
      const there = accounts.size > 0 ? `There are: ${[...accounts.keys()].join(', ')}.` : 'The stage has none.'
      return answer(404, { error: { message: `There is no Snowflake caller "${as ?? ''}". ${there}` } })
    }
    const results: ResultSet[] = []
    try {
      for await (const result of account.session(session).execute(sql)) results.push(result)
      return answer(200, { results })
    } catch (error) {
      if (!(error instanceof SnowflakeError || error instanceof LocalLimit)) throw error
      const { message } = error
      const known = error instanceof SnowflakeError ? { code: error.code, sqlState: error.sqlState } : {}
      return answer(200, { results, failure: { message, ...known } })
    }
  }

const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(Buffer.from(body).toString())
  } catch {
    return undefined
  }
}

const answer = (status: number, value: unknown): WireAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
