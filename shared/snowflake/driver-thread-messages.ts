import type { ConnectionSettings, DriverFailure, Phase, QueryResult } from './snowflake-client.ts'

/** Messages between the driver thread and the main thread. */
export interface ThreadQuery {
  readonly connection: ConnectionSettings
  readonly statement: string
  /** For each HTTP request, in milliseconds. */
  readonly timeoutMs: number
}

export type ThreadMessage =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'phase'; readonly phase: Phase }
  | { readonly kind: 'response'; readonly response: NonNullable<DriverFailure['lastResponse']> }
  | { readonly kind: 'row'; readonly row: QueryResult['row'] }
  | { readonly kind: 'failed'; readonly error: NonNullable<DriverFailure['error']> }
  | { readonly kind: 'done' }
