import type { CauseId } from '../../shared/diagnoses/index.ts'

/** Something to type, to run in Snowflake, or to write into a file. */
export interface MendStep {
  readonly kind: 'command' | 'sql' | 'edit'
  readonly text: string
  /** What to write where in the access map, for programs; of an edit of it alone. */
  readonly write?: { readonly path: readonly string[]; readonly value: unknown }
}

export interface Failure {
  readonly outcome: 'failed'
  readonly cause: CauseId
  /** What was seen, compared with what it should be. Never a secret. */
  readonly evidence: readonly string[]
  /** In their order. */
  readonly mend: readonly MendStep[]
}

/** What a hop was found to be. */
export type Finding =
  | { readonly outcome: 'passed'; readonly evidence: readonly string[] }
  | Failure
  /** Nothing can be said of it: what it needs is broken, or whoever looks may not see it. */
  | { readonly outcome: 'skipped'; readonly reason: string }

export const passed = (...evidence: readonly string[]): Finding => ({ outcome: 'passed', evidence })

export const failed = (
  cause: CauseId,
  { evidence, mend }: { readonly evidence: readonly string[]; readonly mend: readonly MendStep[] },
): Failure => ({ outcome: 'failed', cause, evidence, mend })

/** Whoever looks was not let, or could not: of what is looked at it says nothing. */
export class CannotTell extends Error {
  override readonly name: string = 'CannotTell'
}

export const command = (text: string): MendStep => ({ kind: 'command', text })
export const sql = (text: string): MendStep => ({ kind: 'sql', text })
export const edit = (text: string): MendStep => ({ kind: 'edit', text })
