import type { Answer, ConnectionSettings, Evidence, Phase } from './client.ts'

/** Messages between the driver thread and the main thread. */
export interface Order {
  readonly connection: ConnectionSettings
  readonly statement: string
  /** For each HTTP request, in milliseconds. */
  readonly timeout: number
}

export type Report =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'phase'; readonly phase: Phase }
  | { readonly kind: 'seen'; readonly seen: NonNullable<Evidence['seen']> }
  | { readonly kind: 'answered'; readonly row: Answer['row'] }
  | { readonly kind: 'failed'; readonly error: NonNullable<Evidence['error']> }
  | { readonly kind: 'done' }
