import type { Answer, ConnectionSettings, Evidence, Phase } from './client.ts'

/** What is said between the driver's thread and the rest. */
export interface Order {
  readonly id: number
  readonly connection: ConnectionSettings
  readonly statement: string
  /** Of each single request, in milliseconds. */
  readonly timeout: number
}

export type Report =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'phase'; readonly id: number; readonly phase: Phase }
  | { readonly kind: 'seen'; readonly seen: NonNullable<Evidence['seen']> }
  | { readonly kind: 'answered'; readonly id: number; readonly row: Answer['row'] }
  | { readonly kind: 'failed'; readonly id: number; readonly error: NonNullable<Evidence['error']> }
  | { readonly kind: 'done'; readonly id: number }
