import { type ErrorCode, errorTable } from '../errors/index.ts'

/** The location of a text in the table: split into items of at most 400 KB. */
export interface Parts {
  readonly id: string
  readonly count: number
}

/** The item with the state of a batch. */
export interface Head {
  readonly batchId: string
  readonly queryId: string | undefined
  readonly failsWhole: boolean
  readonly rows: Parts
  readonly state: State
}

/**
 * queued → running → answered or refused. Times are milliseconds since 1970.
 *
 * - queued: the function has invoked a worker, which counts as lost after `until`. The next poll then invokes another.
 * - running: a worker renews `until` while it works, and counts as failed after it. `deaths` counts the failed workers.
 */
export type State =
  | { readonly is: 'queued' | 'running'; readonly until: number; readonly deaths: number }
  | { readonly is: 'answered'; readonly answer: Parts; readonly rows: number }
  | { readonly is: 'refused'; readonly code: ErrorCode; readonly detail: string | undefined }

/** Parses a stored record. Another program wrote anything invalid. */
export const parseHead = (text: string): Head => {
  const head: unknown = JSON.parse(text)
  if (!isHead(head)) throw new TypeError('the batch table has an invalid record')
  return head
}

const isHead = (value: unknown): value is Head =>
  isRecord(value) &&
  typeof value['batchId'] === 'string' &&
  typeof value['failsWhole'] === 'boolean' &&
  isParts(value['rows']) &&
  isRecord(value['state']) &&
  isState(value['state'])

const isState = (state: Readonly<Record<string, unknown>>): boolean => {
  switch (state['is']) {
    case 'queued':
    case 'running':
      return typeof state['until'] === 'number' && typeof state['deaths'] === 'number'
    case 'answered':
      return isParts(state['answer']) && typeof state['rows'] === 'number'
    case 'refused':
      return typeof state['code'] === 'string' && Object.hasOwn(errorTable, state['code'])
    default:
      return false
  }
}

const isParts = (value: unknown): boolean =>
  isRecord(value) && typeof value['id'] === 'string' && Number.isInteger(value['count'])

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
