import { ServiceError } from '../errors/index.ts'

/** The headers of a Snowflake external function's batch. */
export interface BatchHeaders {
  /** The same on a retry and on every poll; opaque. */
  readonly batchId: string | undefined
  readonly queryId: string | undefined
  /** The query fails if a row fails: `HEADERS = ('on-error' = 'fail')`. */
  readonly failsWhole: boolean
}

/**
 * Parses the headers (lower-case names) of a batch or a poll; undefined for other requests.
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
