import type { Decision } from './iam/index.ts'

/** One check on a request's way, in the order they were made. */
export interface JournalStep {
  /** `route`, `signature`, `identity-based policy`, … */
  readonly check: string
  /** The policy and statement that were looked at, if it was a policy. */
  readonly source?: string
  readonly outcome: 'passed' | 'failed' | 'considered'
  /** What was compared with what. Never a secret, a token or a body. */
  readonly reason: string
}

/** Why a request was allowed or rejected: what the stack's log, `/_snowgate/decisions/<id>` and `snowgate call --explain` show. */
export interface JournalEntry {
  /** What the caller finds in `x-amzn-RequestId`. */
  readonly requestId: string
  readonly service: string
  /** Method and target without the query, which may hold a presigned signature and token. */
  readonly request: string
  readonly status: number
  readonly principal?: string
  readonly outcome: 'allowed' | 'rejected'
  readonly steps: readonly JournalStep[]
  /** What would have allowed it. */
  readonly fix?: string
}

export interface Journal {
  readonly record: (entry: JournalEntry) => void
  readonly find: (requestId: string) => JournalEntry | undefined
}

/** Keeps the newest entries and prints each: one line for an allowed request, every step for a rejected one. */
export const createJournal = (print: (line: string) => void, capacity = 1_000): Journal => {
  const entries = new Map<string, JournalEntry>()
  return {
    record: (entry) => {
      entries.set(entry.requestId, entry)
      const [oldest] = entries.keys()
      if (entries.size > capacity && oldest !== undefined) entries.delete(oldest)
      print(summary(entry))
      if (entry.outcome === 'rejected') for (const line of reasons(entry)) print(line)
    },
    find: (requestId) => entries.get(requestId),
  }
}

const summary = ({ service, request, status, principal, outcome, requestId }: JournalEntry) =>
  `${status} ${outcome === 'allowed' ? 'ALLOW' : 'DENY '} ${service} ${request}  ${principal ?? 'unauthenticated'}  ${requestId}`

const reasons = ({ steps, fix }: JournalEntry) => [
  ...steps.map(
    ({ check, source, outcome, reason }) => `      ${mark[outcome]} ${check}: ${source ? `${source} ` : ''}${reason}`,
  ),
  ...(fix ? [`      → ${fix}`] : []),
]

const mark = { passed: '✓', failed: '✗', considered: '·' } as const

/** The way a policy decision was reached, as steps of the journal; when no statement decided, the last step says so. */
export const decisionSteps = (decision: Decision): JournalStep[] => [
  ...decision.steps.map(
    ({ policyType, policy, statement, outcome, reason }): JournalStep => ({
      check: `${policyType} policy`,
      source: `${policy}${statement ? `, ${statement}` : ''}`,
      outcome: outcome === 'denies' ? 'failed' : outcome === 'allows' && decision.allowed ? 'passed' : 'considered',
      reason: `${outcome}: ${reason}`,
    }),
  ),
  ...(decision.kind === 'implicit deny' ? failedSteps(`${decision.deniedBy} policy`, ['no statement allows it']) : []),
]

export const failedSteps = (check: string, reasons: readonly string[]): JournalStep[] =>
  reasons.map((reason) => ({ check, outcome: 'failed', reason }))
