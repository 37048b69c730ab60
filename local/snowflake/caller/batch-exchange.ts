import type { Json } from '../engine/values/index.ts'
import type { Batch } from './batch-request.ts'
import { batchValues, responseText } from './batch-response.ts'
import { externalFunctionErrors } from './external-function-errors.ts'
import type { RawResponse } from './http-transport.ts'

export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>

interface BatchExchange {
  readonly name: string
  readonly batch: Batch
  readonly batchId: string
  readonly signal: AbortSignal
  /** Signed anew each time; undefined when the service gave no answer. */
  readonly send: (method: 'POST' | 'GET') => Promise<RawResponse | { readonly failure: unknown }>
  readonly slowDown: () => void
  readonly now: () => Date
  readonly sleep: Sleep
  readonly print: (line: string) => void
}

/** Documented for an asynchronous batch; how long Snowflake retries is not published, and taken to be the same here. */
const batchTimeoutMs = 10 * 60_000

/** Short at first and growing, as documented; the numbers are the local stack's. */
const pollDelay = (polls: number): number => Math.min(10_000, 200 * 2 ** polls)
const retryDelay = (retries: number): number => Math.min(30_000, 500 * 2 ** retries)

/**
 * Brings one batch to its end: 200 is it; 202 means to ask by GET until it is; 429, any 5xx and no answer at all mean once
 * more, with the same batch id; anything else fails the query.
 * https://docs.snowflake.com/en/sql-reference/external-functions-implementation
 */
export const exchangeBatch = async (exchange: BatchExchange): Promise<readonly Json[]> => {
  const { name, batch, batchId, signal, send, slowDown, now, sleep, print } = exchange
  const end = now().getTime() + batchTimeoutMs
  let method: 'POST' | 'GET' = 'POST'
  let polls = 0
  let retries = 0
  for (;;) {
    if (signal.aborted) throw externalFunctionErrors.cancelled()
    const answer = await send(method)
    if (signal.aborted) throw externalFunctionErrors.cancelled()
    const status = 'failure' in answer ? 0 : answer.status
    if (!('failure' in answer) && status === 200) return batchValues(name, responseText(name, answer), batch.rowCount)
    const isTransient = status === 0 || status === 429 || status >= 500
    const failure =
      'failure' in answer
        ? externalFunctionErrors.unreachable(name, answer.failure)
        : externalFunctionErrors.remoteError(name, status, errorBodyText(answer))
    if (status !== 202 && !isTransient) throw failure
    if (status === 429) slowDown()
    if (status === 202) method = 'GET'
    const delay = status === 202 ? pollDelay(polls++) : retryDelay(retries++)
    if (now().getTime() + delay > end) throw status === 202 ? externalFunctionErrors.timedOut(name) : failure
    print(
      `${name} batch ${batchId}: ${status || 'no response'}; ${status === 202 ? 'polling again' : 'retrying'} in ${delay} ms`,
    )
    await sleep(delay, signal).catch(() => {})
  }
}

/** An error's body is shown as it came; one that cannot be inflated is shown all the same. */
const errorBodyText = (answer: RawResponse): string => {
  try {
    return responseText('', answer)
  } catch {
    return answer.body.toString('latin1')
  }
}
