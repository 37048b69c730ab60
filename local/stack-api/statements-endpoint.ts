import { z } from 'zod'
import type { WireResponse } from '../http.ts'
import type { SnowflakeAccount } from '../snowflake/accounts.ts'
import type { ResultSet } from '../snowflake/engine/result-set.ts'
import { LocalLimitError, SnowflakeError } from '../snowflake/engine/snowflake-error.ts'
import { jsonResponse, parseJsonBody } from './stack-api-response.ts'

const requestBody = z.object({
  /** A Snowflake caller of the map; absent: the first. */
  as: z.string().optional(),
  /** The caller's own name for its session. */
  session: z.string().max(100),
  sql: z.string(),
})

/** Runs the statements of `{"as"?, "session", "sql"}`; the answer has the results before a failure, and the failure. */
export const createStatementsEndpoint =
  (currentAccounts: () => ReadonlyMap<string, SnowflakeAccount>, shutdownSignal: AbortSignal) =>
  async (body: Uint8Array): Promise<WireResponse> => {
    const parsed = requestBody.safeParse(parseJsonBody(body))
    if (!parsed.success)
      return jsonResponse(400, { error: { message: 'The request body must be JSON: {"as"?, "session", "sql"}.' } })
    const { as, session, sql } = parsed.data
    const accounts = currentAccounts()
    const account = as === undefined ? [...accounts.values()][0] : accounts.get(as)
    if (!account) {
      const availableCallers =
        accounts.size > 0 ? `There are: ${[...accounts.keys()].join(', ')}.` : 'The stage has none.'
      return jsonResponse(404, {
        error: { message: `There is no Snowflake caller "${as ?? ''}". ${availableCallers}` },
      })
    }
    const results: ResultSet[] = []
    try {
      for await (const result of account.session(session).execute(sql, shutdownSignal)) results.push(result)
      return jsonResponse(200, { results })
    } catch (error) {
      if (!(error instanceof SnowflakeError || error instanceof LocalLimitError)) throw error
      const { message } = error
      const errorDetails =
        error instanceof SnowflakeError ? { code: error.code, sqlState: error.sqlState } : { limit: true }
      return jsonResponse(200, { results, failure: { message, ...errorDetails } })
    }
  }
