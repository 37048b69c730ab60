import { createHash } from 'node:crypto'
import type { BatchHeaders } from '../rows/batch-headers.ts'
import type { RowsResult } from '../rows/process-rows.ts'

/** A request with a batch of rows: its headers and its caller. */
export interface BatchRequest extends BatchHeaders {
  readonly batchId: string
  readonly callerArn: string | undefined
}

/** Processes the rows of a batch; `stopped` is true once another worker may have taken over. */
export type ProcessRows = (job: {
  readonly text: string
  readonly batch: BatchHeaders
  readonly stopped: () => boolean
}) => Promise<RowsResult>

/** Asynchronous batches of a function. */
export interface Batches {
  /** Accepts the rows as JSON text. Repeated requests are processed once. Undefined: in progress (202). */
  readonly submit: (batch: BatchRequest, rows: string) => Promise<RowsResult | undefined>
  /** The result of a batch; undefined while it is in progress (202). */
  readonly poll: (batch: BatchRequest) => Promise<RowsResult | undefined>
  /** The batch key of a work event; undefined for any other event. */
  readonly workKeyIn: (event: unknown) => string | undefined
  /** Processes the batch, unless it is done or another worker has it. */
  readonly work: (key: string, processRows: ProcessRows) => Promise<RowsResult | undefined>
}

/** The key of a caller's batch: a caller cannot poll another caller's batch. Uses the role, because sessions change. */
export const batchKey = ({ batchId, callerArn = '' }: BatchRequest): string =>
  createHash('sha256')
    .update(JSON.stringify([callerArn.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1'), batchId]))
    .digest('hex')

/** The event with which a function invokes itself. It has the key of the batch and no data. */
export const toWorkEvent = (key: string) => ({ workOnBatch: key })

/**
 * Any principal that is allowed to invoke the function can send this event. That is harmless: it only starts a batch that
 * was submitted through the API and is due, once; the result goes to the table, not to the sender.
 */
export const workKeyIn = (event: unknown): string | undefined => {
  if (typeof event !== 'object' || event === null || Object.keys(event).length !== 1) return undefined
  const key: unknown = 'workOnBatch' in event ? event.workOnBatch : undefined
  return typeof key === 'string' && /^[0-9a-f]{64}$/.test(key) ? key : undefined
}
