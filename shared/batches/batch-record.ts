import { type ErrorCode, errorTable } from '../errors/error-table.ts'

/** The location of a text in the table: split into items of at most 400 KB. */
export interface StoredText {
  readonly id: string
  readonly count: number
}

/** The item with the state of a batch. */
export interface BatchRecord {
  readonly batchId: string
  readonly queryId: string | undefined
  readonly failsOnRowError: boolean
  readonly rows: StoredText
  readonly state: BatchState
}

/**
 * queued → running → completed or failed. Times are milliseconds since 1970.
 *
 * - queued: the function has invoked a worker, which counts as lost after `until`. The next poll then invokes another.
 * - running: a worker renews `until` while it works, and counts as failed after it. `failedAttempts` counts the failed workers.
 */
export type BatchState =
  | { readonly status: 'queued' | 'running'; readonly until: number; readonly failedAttempts: number }
  | { readonly status: 'completed'; readonly answer: StoredText; readonly rows: number }
  | { readonly status: 'failed'; readonly code: ErrorCode; readonly detail: string | undefined }

/** Parses a stored record. Another program wrote anything invalid. */
export const parseBatchRecord = (text: string): BatchRecord => {
  const record: unknown = JSON.parse(text)
  if (!isBatchRecord(record)) throw new TypeError('the batch table has an invalid record')
  return record
}

const isBatchRecord = (value: unknown): value is BatchRecord =>
  isRecord(value) &&
  typeof value['batchId'] === 'string' &&
  typeof value['failsOnRowError'] === 'boolean' &&
  isStoredText(value['rows']) &&
  isRecord(value['state']) &&
  isBatchState(value['state'])

const isBatchState = (state: Readonly<Record<string, unknown>>): boolean => {
  switch (state['status']) {
    case 'queued':
    case 'running':
      return typeof state['until'] === 'number' && typeof state['failedAttempts'] === 'number'
    case 'completed':
      return isStoredText(state['answer']) && typeof state['rows'] === 'number'
    case 'failed':
      return typeof state['code'] === 'string' && Object.hasOwn(errorTable, state['code'])
    default:
      return false
  }
}

const isStoredText = (value: unknown): boolean =>
  isRecord(value) && typeof value['id'] === 'string' && Number.isInteger(value['count'])

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
