import type { Json } from './values/index.ts'

/** One call of an external function in a query: everything the wire needs, and nothing of SQL. */
export interface ExternalCall {
  readonly name: string
  /** `(NAME VARCHAR, N NUMBER)` */
  readonly signature: string
  readonly returnType: string
  readonly url: URL
  readonly roleArn: string
  readonly externalId: string
  readonly apiKey: string | undefined
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly contextHeaders: readonly (readonly [contextFunction: string, value: string])[]
  readonly compression: 'NONE' | 'GZIP' | 'DEFLATE' | 'AUTO'
  readonly maxBatchRows: number | undefined
  readonly queryId: string
  /** Tells the calls of one query apart, from 1. */
  readonly callNumber: number
  readonly rows: readonly (readonly Json[])[]
  readonly signal: AbortSignal
}
