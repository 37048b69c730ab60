import type { ErrorCode } from '../errors/error-table.ts'
import { ServiceError, toServiceError } from '../errors/service-error.ts'
import type { Row } from './parse-rows.ts'

/** Concurrent rows: enough to hide a target's latency, few enough not to overload it. */
const maxConcurrentRows = 16

/** Measured: serializing a few hundred values in one call takes half the time of one by one; more gain nothing. */
const rowsPerChunk = 500

/** Reserved for writing the response before Lambda's timeout. */
const responseReserveMs = 100

/** The number of failures and the first failure of each code. */
export type RowFailures = ReadonlyMap<ErrorCode, { readonly rows: number; readonly first: ServiceError }>

export interface RowsResult {
  /** `{"data": [[n, value], …]}` as text. */
  readonly text: string
  readonly rows: number
  readonly failures: RowFailures
}

interface RowLimits {
  /** A failed row fails the batch, instead of becoming the row's value. */
  readonly failsOnRowError: boolean
  /** Maximum length of the text. */
  readonly maxLength: number
  readonly remainingMilliseconds: () => number
}

/** A row's number and its value, or the promise of its value. */
type RowValue = [row: number, value: unknown]

/**
 * Computes one value for each row, in row order. A handler that returns
 * no promise runs synchronously: ten thousand greetings take one turn of the event loop.
 */
export const processRows = async (
  rows: readonly Row[],
  processRow: (row: Row) => unknown,
  { failsOnRowError, maxLength, remainingMilliseconds }: RowLimits,
): Promise<RowsResult> => {
  const failures = new Map<ErrorCode, { rows: number; first: ServiceError }>()
  const chunks: { readonly from: number; readonly text: string }[] = []
  let length = 0
  let next = 0
  let stopped = false

  const recordFailure = (thrown: unknown, row: number): unknown => {
    const error = toServiceError(thrown)
    const { rows = 0, first = withRowNumber(error, row) } = failures.get(error.code) ?? {}
    failures.set(error.code, { rows: rows + 1, first })
    stopped ||= failsOnRowError
    return { error: { code: error.code, message: error.message } }
  }

  const runRow = (row: number): unknown => {
    try {
      const value = processRow(rows[row] ?? [])
      return value instanceof Promise ? value.catch((error: unknown) => recordFailure(error, row)) : value
    } catch (error) {
      return recordFailure(error, row)
    }
  }

  /** Values from `next` on, up to the first promise. */
  const runUntilPromise = (): RowValue[] => {
    const values: RowValue[] = []
    while (next < rows.length && values.length < rowsPerChunk && !stopped) {
      const row = next++
      const value = runRow(row)
      values.push([row, value])
      if (value instanceof Promise) break
    }
    return values
  }

  const serialize = (values: readonly RowValue[]): void => {
    const [[from] = [0]] = values
    try {
      const text = JSON.stringify(values).slice(1, -1)
      chunks.push({ from, text })
      length += text.length + 1
      stopped ||= length > maxLength
    } catch (error) {
      // A value that JSON cannot represent: serialize the values one by one.
      if (values.length === 1) serialize([[from, recordFailure(error, from)]])
      else for (const one of values) if (!stopped) serialize([one])
    }
  }

  const hasTimeLeft = () => remainingMilliseconds() > responseReserveMs
  const worker = async (): Promise<void> => {
    while (next < rows.length && !stopped && hasTimeLeft()) {
      const values = runUntilPromise()
      const last = values.at(-1)
      if (last?.[1] instanceof Promise) last[1] = await last[1]
      serialize(values)
    }
  }
  // Workers always finish: none continues in the next invocation.
  await Promise.all(Array.from({ length: Math.min(maxConcurrentRows, rows.length) }, worker))

  if (failsOnRowError) throwPermanentFailureFirst(failures)
  if (length > maxLength) {
    const detail = `${next} of ${rows.length} rows produced ${length} characters; the limit is ${maxLength} bytes.`
    throw new ServiceError('ANSWER_TOO_LARGE', { detail })
  }
  if (next < rows.length) {
    throw new ServiceError('DEADLINE_EXCEEDED', { detail: `${next} of ${rows.length} rows were processed.` })
  }
  const texts = chunks.sort((left, right) => left.from - right.from).map(({ text }) => text)
  return { text: `{"data":[${texts.join(',')}]}`, rows: rows.length, failures }
}

const withRowNumber = (error: ServiceError, row: number): ServiceError =>
  new ServiceError(error.code, {
    detail: [error.detail, `Failed in row ${row}.`].filter(Boolean).join(' '),
    cause: error.cause,
  })

/** Snowflake retries 429 and 5xx, which does not help a batch with a permanent failure. */
const throwPermanentFailureFirst = (failures: RowFailures): void => {
  const errors = [...failures.values()].map(({ first }) => first)
  const failure = errors.find(({ status }) => status < 500 && status !== 429) ?? errors[0]
  if (failure) throw failure
}
