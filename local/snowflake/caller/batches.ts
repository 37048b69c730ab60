import { type Json, jsonText } from '../values/index.ts'

export interface Batch {
  readonly rowCount: number
  /** `{"data":[[0,…],…]}`; the line breaks are as captured from Snowflake. */
  readonly body: string
}

/** Snowflake publishes no number and counts on none: these are the local stack's. */
const usualRows = 1_000
const usualBytes = 4 * 1024 * 1024

/** Cuts rows into batches, whose rows are numbered from 0 each. */
export const batchesOf = (rows: readonly (readonly Json[])[], maxBatchRows = usualRows): readonly Batch[] => {
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
    if (lines.length === Math.min(maxBatchRows, usualRows) || bytes + Buffer.byteLength(rest) > usualBytes) close()
    lines.push(`[${lines.length}${rest}]`)
    bytes += Buffer.byteLength(rest)
  }
  close()
  return batches
}
