import type { ProxyEvent } from './proxy-event.ts'

/**
 * Whether a Snowflake external function sent the request: a batch of rows (POST), or the poll for one (GET). Every such
 * request carries these headers, in any case. https://docs.snowflake.com/en/sql-reference/external-functions-data-format
 */
export const isSnowflakeBatch = ({ headers }: Pick<ProxyEvent, 'headers'>): boolean =>
  headers.has('sf-external-function-format') || headers.has('sf-external-function-query-batch-id')
