import { type CauseId, causes, fill, loginTexts, recognise, type Values } from '../../shared/diagnoses/index.ts'
import { type ErrorCode, ServiceError } from '../../shared/errors/index.ts'
import {
  type Evidence,
  type Proof,
  publicHalfOf,
  SnowflakeFailure,
  type SnowflakeLogin,
} from '../../shared/snowflake/index.ts'
import { wireCause } from './wire-cause.ts'

/** The login attempt, for the diagnosis of its failure. */
export interface Attempt {
  readonly login: SnowflakeLogin
  readonly proof: Proof
  /** The time limit in milliseconds. */
  readonly within: number
}

/**
 * The error of a failed login or query: the original message, the likeliest cause, and the statement that fixes it, ready
 * to run. Unknown messages are passed on unchanged.
 */
export const diagnose = (evidence: Evidence, attempt: Attempt): ServiceError => {
  const { first, others, values } = judged(evidence, attempt.within)
  const cause = new SnowflakeFailure(evidence)
  const heard = wordsOf(evidence)
  if (first === undefined) return new ServiceError(codeOf(evidence), { cause, detail: heard })
  const { what, mend } = causes[first]
  const detail = [
    heard,
    what,
    ...(others.length > 0 ? [`Other possible causes: npx snowgate explain ${others.join(' ')}.`] : []),
    // Last, so that no text follows a statement.
    `Fix: ${fill(mend, { ...valuesOf(attempt), ...values })}`,
  ]
  return new ServiceError(codeOf(evidence, first), { cause, detail: detail.join(' ') })
}

interface Judged {
  readonly first: CauseId | undefined
  readonly others: readonly CauseId[]
  readonly values: Values
}

/** Precedence: Snowflake's message, then the connection, then the driver's message. */
const judged = (evidence: Evidence, within: number): Judged => {
  const { error } = evidence
  const codes = [error?.code, error?.name, error?.causeCode].filter((code) => code !== undefined)
  const [finding] = recognise({ text: error?.message ?? '', codes }, loginTexts)
  const seen = isOfServer(error?.code) ? undefined : wireCause(evidence, within)
  const [first, ...others] = seen === undefined ? (finding?.text.causes ?? []) : [seen]
  return { first, others, values: finding?.values ?? {} }
}

/** Driver codes begin with 40 and 41; all other codes are Snowflake's. */
const isOfServer = (code: string | undefined): boolean => code !== undefined && !/^4[01]\d{4}$/.test(code)

const valuesOf = ({ login, proof }: Attempt): Values => ({
  user: login.user,
  identifier: login.account,
  ...(login.role !== undefined && { grant: login.role }),
  ...(login.warehouse !== undefined && { warehouse: login.warehouse }),
  ...(proof.kind === 'key-pair' && { key: publicHalfOf(proof.privateKey).body }),
})

const codes: ReadonlyMap<CauseId, ErrorCode> = new Map([
  ['function-timeout-too-short', 'SNOWFLAKE_UNREACHABLE'],
  ['snowflake-unreachable', 'SNOWFLAKE_UNREACHABLE'],
  ['snowflake-down', 'SNOWFLAKE_UNREACHABLE'],
  ['user-too-busy', 'SNOWFLAKE_BUSY'],
  ['account-identifier-wrong', 'SNOWFLAKE_UNUSABLE'],
  ['snowflake-name-unknown', 'SNOWFLAKE_UNUSABLE'],
  ['snowflake-tls', 'SNOWFLAKE_UNUSABLE'],
  ['revocation-check-blocked', 'SNOWFLAKE_UNUSABLE'],
  ['proxy-answers', 'SNOWFLAKE_UNUSABLE'],
  ['credentials-missing', 'SNOWFLAKE_IDENTITY_UNUSABLE'],
  ['region-variable-missing', 'SNOWFLAKE_IDENTITY_UNUSABLE'],
  ['wif-host-not-allowed', 'SNOWFLAKE_IDENTITY_UNUSABLE'],
  ['web-identity-disabled', 'SNOWFLAKE_IDENTITY_UNUSABLE'],
  ['web-identity-denied', 'SNOWFLAKE_IDENTITY_UNUSABLE'],
  ['impersonation-denied', 'SNOWFLAKE_IDENTITY_UNUSABLE'],
])

const codeOf = ({ phase }: Evidence, cause?: CauseId): ErrorCode =>
  (cause && codes.get(cause)) ?? (phase === 'query' ? 'SNOWFLAKE_QUERY_REFUSED' : 'SNOWFLAKE_LOGIN_REFUSED')

const wordsOf = ({ phase, error, lateAfter }: Evidence): string => {
  if (lateAfter !== undefined) return `No response to the ${phase} for ${lateAfter} milliseconds.`
  const words = [error?.code, error?.message].filter(Boolean).join(': ')
  return words === '' || /[.!?]$/.test(words) ? words : `${words}.`
}
