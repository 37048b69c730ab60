import { ServiceError } from '../errors/service-error.ts'

/** The headers of a Snowflake external function's batch. */
export interface BatchHeaders {
  /** The same on a retry and on every poll; opaque. */
  readonly batchId: string | undefined
  readonly queryId: string | undefined
  /** The query fails if a row fails: `HEADERS = ('on-error' = 'fail')`. */
  readonly failsOnRowError: boolean
}

/**
 * Parses the headers (lower-case names) of a batch or a poll; undefined for other requests.
 * https://docs.snowflake.com/en/sql-reference/external-functions-data-format
 */
export const parseBatchHeaders = (headers: ReadonlyMap<string, string>): BatchHeaders | undefined => {
  if (![...headers.keys()].some((name) => name.startsWith('sf-external-function-'))) return undefined
  for (const [name, expected] of [
    ['sf-external-function-format', 'json'],
    ['sf-external-function-format-version', '1.0'],
  ] as const) {
    if ((headers.get(name) ?? expected) !== expected) {
      throw new ServiceError('ROWS_INVALID', { detail: `The header ${name} must be ${expected}.` })
    }
  }
  return {
    batchId: headers.get('sf-external-function-query-batch-id'),
    queryId: headers.get('sf-external-function-current-query-id'),
    failsOnRowError: headers.get('sf-custom-on-error')?.trim().toLowerCase() === 'fail',
  }
}
