import { createHash } from 'node:crypto'
import type { BatchHeaders, RowsAnswer } from '../rows/index.ts'

/** A batch of rows as it was asked for: what its headers say, and who asked. */
export interface AskedBatch extends BatchHeaders {
  readonly batchId: string
  readonly callerArn: string | undefined
}

/** Tells one batch's rows; `stopped` is true once another worker may have taken the batch over. */
export type TellRows = (job: {
  readonly text: string
  readonly batch: BatchHeaders
  readonly stopped: () => boolean
}) => Promise<RowsAnswer>

/** How a function answers batches that may outlast the gateway. */
export interface Batches {
  /** Takes the rows, as JSON text, for work that is done once however often they come. Undefined: it is under way (202). */
  readonly submit: (batch: AskedBatch, rows: string) => Promise<RowsAnswer | undefined>
  /** What came of a batch; undefined while it is under way (202). */
  readonly poll: (batch: AskedBatch) => Promise<RowsAnswer | undefined>
  /** The key of the batch that this event orders work on; undefined for any other event. */
  readonly orderIn: (event: unknown) => string | undefined
  /** Carries out such an order, if the work is due and nobody else does it: else nothing happens. */
  readonly work: (key: string, tell: TellRows) => Promise<RowsAnswer | undefined>
}

/** The batch of one caller: nobody polls for a batch of somebody else. The session of a role changes, the role does not. */
export const keyOf = ({ batchId, callerArn = '' }: AskedBatch): string =>
  createHash('sha256')
    .update(JSON.stringify([callerArn.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1'), batchId]))
    .digest('hex')

/** The event by which a function sends itself to work. It names a batch and holds nothing of it. */
export const workOrder = (key: string) => ({ workOnBatch: key })

/**
 * Whoever may invoke the function can send such an event as well. It does no more than the function's own: work that was
 * submitted through the API, and is due, begins, once; its answer goes to the table and not to the sender.
 */
export const orderIn = (event: unknown): string | undefined => {
  if (typeof event !== 'object' || event === null || Object.keys(event).length !== 1) return undefined
  const key: unknown = 'workOnBatch' in event ? event.workOnBatch : undefined
  return typeof key === 'string' && /^[0-9a-f]{64}$/.test(key) ? key : undefined
}
