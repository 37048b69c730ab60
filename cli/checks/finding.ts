import type { CauseId } from '../../shared/diagnoses/index.ts'

/** A command, a Snowflake statement, or an edit of a file. */
export interface FixStep {
  readonly kind: 'command' | 'sql' | 'edit'
  readonly text: string
  /** Path and value in the access map, for programs; only for an edit of it. */
  readonly mapEdit?: { readonly path: readonly string[]; readonly value: unknown }
}

export interface CheckFailure {
  readonly outcome: 'failed'
  readonly cause: CauseId
  /** The observed state, compared with the expected one. Never a secret. */
  readonly evidence: readonly string[]
  /** In the order in which to apply them. */
  readonly fixes: readonly FixStep[]
}

/** The result of a check. */
export type Finding =
  | { readonly outcome: 'passed'; readonly evidence: readonly string[] }
  | CheckFailure
  /** Not checked: a prerequisite failed, or the credentials lack a permission. */
  | { readonly outcome: 'skipped'; readonly reason: string }

export const passed = (...evidence: readonly string[]): Finding => ({ outcome: 'passed', evidence })

export const failed = (
  cause: CauseId,
  { evidence, fixes }: { readonly evidence: readonly string[]; readonly fixes: readonly FixStep[] },
): CheckFailure => ({ outcome: 'failed', cause, evidence, fixes })

export const command = (text: string): FixStep => ({ kind: 'command', text })
export const sql = (text: string): FixStep => ({ kind: 'sql', text })
export const edit = (text: string): FixStep => ({ kind: 'edit', text })
