export { createAsynchronousBatches } from './asynchronous-batches.ts'
export type { Batches, BatchRequest, ProcessRows } from './batches.ts'
