import type { ExternalCall } from './external-call.ts'

type Headers = Record<string, string>

/**
 * What Snowflake sets on every POST and GET of a batch.
 * https://docs.snowflake.com/en/sql-reference/external-functions-data-format#header-format
 */
export const batchHeaders = (call: ExternalCall, batchId: string): Headers => ({
  accept: '*/*',
  'user-agent': 'snowflake/1.0',
  'sf-external-function-format': 'json',
  'sf-external-function-format-version': '1.0',
  'sf-external-function-current-query-id': call.queryId,
  'sf-external-function-query-batch-id': batchId,
  ...withBase64('sf-external-function-name', call.name),
  ...withBase64('sf-external-function-signature', call.signature),
  ...withBase64('sf-external-function-return-type', call.returnType),
  ...Object.fromEntries(call.headers.map(([name, value]) => [`sf-custom-${name}`, value])),
  ...Object.assign({}, ...call.contextHeaders.map(([name, value]) => contextHeaders(name, value))),
  ...(call.apiKey !== undefined && { 'x-api-key': call.apiKey }),
  ...(encodingOf(call) && { 'accept-encoding': encodingOf(call) }),
})

/** AUTO is GZIP on AWS. https://docs.snowflake.com/en/sql-reference/sql/create-external-function */
export const encodingOf = ({ compression }: Pick<ExternalCall, 'compression'>): 'gzip' | 'deflate' | '' =>
  compression === 'NONE' ? '' : compression === 'DEFLATE' ? 'deflate' : 'gzip'

/** What is not standard in an identifier is a blank in the plain form; the other one is exact. */
const withBase64 = (name: string, value: string): Headers => ({
  [name]: value.replace(/[^\w$(), ]/g, ' ').trim(),
  [`${name}-base64`]: base64(value),
})

/** Each run of characters that HTTP does not admit becomes one blank. */
const contextHeaders = (contextFunction: string, value: string): Headers => {
  const name = `sf-context-${contextFunction.toLowerCase().replaceAll('_', '-')}`
  return { [name]: value.replace(/[^\x20-\x7e]+/g, ' ').trim(), [`${name}-base64`]: base64(value) }
}

const base64 = (value: string): string => Buffer.from(value).toString('base64')
