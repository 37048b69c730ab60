import type { ExternalCall } from '../engine/external-call.ts'
import { type Json, jsonText } from '../engine/values/index.ts'

export interface Batch {
  readonly rowCount: number
  /** `{"data":[[0,…],…]}`; the line breaks are as captured from Snowflake. */
  readonly body: string
}

/** Snowflake publishes no number and counts on none: these are the local stack's. */
const defaultMaxRows = 1_000
const defaultMaxBytes = 4 * 1024 * 1024

/** Cuts rows into batches, whose rows are numbered from 0 each. */
export const batchesOf = (rows: readonly (readonly Json[])[], maxBatchRows = defaultMaxRows): readonly Batch[] => {
  const batches: Batch[] = []
  let lines: string[] = []
  let bytes = 0
  const close = () => {
    if (lines.length > 0) batches.push({ rowCount: lines.length, body: `{\n"data":[\n${lines.join(',\n')}\n]\n}` })
    lines = []
    bytes = 0
  }
  for (const row of rows) {
    const rest = row.map((value) => `,${jsonText(value)}`).join('')
    if (lines.length === Math.min(maxBatchRows, defaultMaxRows) || bytes + Buffer.byteLength(rest) > defaultMaxBytes)
      close()
    lines.push(`[${lines.length}${rest}]`)
    bytes += Buffer.byteLength(rest)
  }
  close()
  return batches
}

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
