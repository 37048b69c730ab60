export { asynchronousBatches } from './asynchronous-batches.ts'
export type { AskedBatch, Batches, TellRows } from './batches.ts'
