import { type ErrorCode, ServiceError, toServiceError } from '../errors/index.ts'
import type { Row } from './parse-rows.ts'

/** Concurrent rows: enough to hide a target's latency, few enough not to overload it. */
const rowsAtOnce = 16

/** Measured: serializing a few hundred values in one call takes half the time of one by one; more gain nothing. */
const rowsWrittenAtOnce = 500

/** Reserved for writing the response before Lambda's timeout. */
const reserveMilliseconds = 100

/** The number of failures and the first failure of each code. */
export type RowFailures = ReadonlyMap<ErrorCode, { readonly rows: number; readonly first: ServiceError }>

export interface RowsAnswer {
  /** `{"data": [[n, value], …]}` as text. */
  readonly text: string
  readonly rows: number
  readonly failures: RowFailures
}

interface Bounds {
  /** A failed row fails the batch, instead of becoming the row's value. */
  readonly failsWhole: boolean
  /** Maximum length of the text. */
  readonly longest: number
  readonly remainingMilliseconds: () => number
}

/** A row's number and its value, or the promise of its value. */
type Answered = [row: number, value: unknown]

/**
 * Computes one value for each row, in row order. A handler that returns
 * no promise runs synchronously: ten thousand greetings take one turn of the event loop.
 */
export const answerRows = async (
  rows: readonly Row[],
  story: (row: Row) => unknown,
  { failsWhole, longest, remainingMilliseconds }: Bounds,
): Promise<RowsAnswer> => {
  const failures = new Map<ErrorCode, { rows: number; first: ServiceError }>()
  const written: { readonly from: number; readonly text: string }[] = []
  let length = 0
  let next = 0
  let stopped = false

  const failed = (thrown: unknown, row: number): unknown => {
    const error = toServiceError(thrown)
    const { rows = 0, first = inRow(error, row) } = failures.get(error.code) ?? {}
    failures.set(error.code, { rows: rows + 1, first })
    stopped ||= failsWhole
    return { error: { code: error.code, message: error.message } }
  }

  const attempt = (row: number): unknown => {
    try {
      const value = story(rows[row] ?? [])
      return value instanceof Promise ? value.catch((error: unknown) => failed(error, row)) : value
    } catch (error) {
      return failed(error, row)
    }
  }

  /** Values from `next` on, up to the first promise. */
  const attemptInSuccession = (): Answered[] => {
    const answered: Answered[] = []
    while (next < rows.length && answered.length < rowsWrittenAtOnce && !stopped) {
      const row = next++
      const value = attempt(row)
      answered.push([row, value])
      if (value instanceof Promise) break
    }
    return answered
  }

  const write = (answered: readonly Answered[]): void => {
    const [[from] = [0]] = answered
    try {
      const text = JSON.stringify(answered).slice(1, -1)
      written.push({ from, text })
      length += text.length + 1
      stopped ||= length > longest
    } catch (error) {
      // A value that JSON cannot represent: serialize the values one by one.
      if (answered.length === 1) write([[from, failed(error, from)]])
      else for (const one of answered) if (!stopped) write([one])
    }
  }

  const inTime = () => remainingMilliseconds() > reserveMilliseconds
  const lane = async (): Promise<void> => {
    while (next < rows.length && !stopped && inTime()) {
      const answered = attemptInSuccession()
      const last = answered.at(-1)
      if (last?.[1] instanceof Promise) last[1] = await last[1]
      write(answered)
    }
  }
  // Workers always finish: none continues in the next invocation.
  await Promise.all(Array.from({ length: Math.min(rowsAtOnce, rows.length) }, lane))

  if (failsWhole) throwMostLasting(failures)
  if (length > longest) {
    const detail = `${next} of ${rows.length} rows produced ${length} characters; the limit is ${longest} bytes.`
    throw new ServiceError('ANSWER_TOO_LARGE', { detail })
  }
  if (next < rows.length) {
    throw new ServiceError('DEADLINE_EXCEEDED', { detail: `${next} of ${rows.length} rows were processed.` })
  }
  const texts = written.sort((left, right) => left.from - right.from).map(({ text }) => text)
  return { text: `{"data":[${texts.join(',')}]}`, rows: rows.length, failures }
}

const inRow = (error: ServiceError, row: number): ServiceError =>
  new ServiceError(error.code, {
    detail: [error.detail, `Failed in row ${row}.`].filter(Boolean).join(' '),
    cause: error.cause,
  })

/** Snowflake retries 429 and 5xx, which does not help a batch with a permanent failure. */
const throwMostLasting = (failures: RowFailures): void => {
  const found = [...failures.values()].map(({ first }) => first)
  const failure = found.find(({ status }) => status < 500 && status !== 429) ?? found[0]
  if (failure) throw failure
}
