import { ServiceError } from '../errors/index.ts'

/** What the headers of a Snowflake external function say of its batch. */
export interface BatchHeaders {
  /** The same on a retry and on every poll; opaque. */
  readonly batchId: string | undefined
  readonly queryId: string | undefined
  /** The function's author wants the query to fail when a row does: `HEADERS = ('on-error' = 'fail')`. */
  readonly failsWhole: boolean
}

/**
 * The headers of a batch, or of the poll for one, by lower-case name; undefined when no external function sent the request.
 * https://docs.snowflake.com/en/sql-reference/external-functions-data-format
 */
export const parseBatchHeaders = (headers: ReadonlyMap<string, string>): BatchHeaders | undefined => {
  if (![...headers.keys()].some((name) => name.startsWith('sf-external-function-'))) return undefined
  for (const [name, known] of [
    ['sf-external-function-format', 'json'],
    ['sf-external-function-format-version', '1.0'],
  ] as const) {
    if ((headers.get(name) ?? known) !== known) {
      throw new ServiceError('ROWS_INVALID', { detail: `The header ${name} must be ${known}.` })
    }
  }
  return {
    batchId: headers.get('sf-external-function-query-batch-id'),
    queryId: headers.get('sf-external-function-current-query-id'),
    failsWhole: headers.get('sf-custom-on-error')?.trim().toLowerCase() === 'fail',
  }
}
