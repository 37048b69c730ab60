import {
  type CauseId,
  causes,
  fillPlaceholders,
  loginMessages,
  type PlaceholderValues,
  recognize,
} from '../../shared/diagnoses/index.ts'
import type { ErrorCode } from '../../shared/errors/error-table.ts'
import { ServiceError } from '../../shared/errors/service-error.ts'
import {
  type DriverFailure,
  type SnowflakeCredential,
  SnowflakeDriverError,
  type SnowflakeLogin,
  toSnowflakePublicKey,
} from '../../shared/snowflake/index.ts'

/** The login attempt, for the diagnosis of its failure. */
export interface LoginAttempt {
  readonly login: SnowflakeLogin
  readonly credential: SnowflakeCredential
  /** The time limit in milliseconds. */
  readonly timeoutMs: number
}

/**
 * The error of a failed login or query: the original message, the likeliest cause, and the statement that fixes it, ready
 * to run. Unknown messages are passed on unchanged.
 */
export const diagnose = (failure: DriverFailure, attempt: LoginAttempt): ServiceError => {
  const { first, others, values } = findCauses(failure, attempt.timeoutMs)
  const cause = new SnowflakeDriverError(failure)
  const observed = describeFailure(failure)
  if (first === undefined) return new ServiceError(toErrorCode(failure), { cause, detail: observed })
  const { summary, fix } = causes[first]
  const detail = [
    observed,
    summary,
    ...(others.length > 0 ? [`Other possible causes: npx snowgate explain ${others.join(' ')}.`] : []),
    // Last, so that no text follows a statement.
    `Fix: ${fillPlaceholders(fix, { ...toPlaceholderValues(attempt), ...values })}`,
  ]
  return new ServiceError(toErrorCode(failure, first), { cause, detail: detail.join(' ') })
}

interface LikelyCauses {
  readonly first: CauseId | undefined
  readonly others: readonly CauseId[]
  readonly values: PlaceholderValues
}

/** Precedence: Snowflake's message, then the connection, then the driver's message. */
const findCauses = (failure: DriverFailure, timeoutMs: number): LikelyCauses => {
  const { error } = failure
  const codes = [error?.code, error?.name, error?.causeCode].filter((code) => code !== undefined)
  const [finding] = recognize({ text: error?.message ?? '', codes }, loginMessages)
  const connectionCauseId = isServerCode(error?.code) ? undefined : connectionCause(failure, timeoutMs)
  const [first, ...others] = connectionCauseId === undefined ? (finding?.message.causes ?? []) : [connectionCauseId]
  return { first, others, values: finding?.values ?? {} }
}

/** Driver codes begin with 40 and 41; all other codes are Snowflake's. */
const isServerCode = (code: string | undefined): boolean => code !== undefined && !/^4[01]\d{4}$/.test(code)

const toPlaceholderValues = ({ login, credential }: LoginAttempt): PlaceholderValues => ({
  user: login.user,
  identifier: login.account,
  ...(login.role !== undefined && { grant: login.role }),
  ...(login.warehouse !== undefined && { warehouse: login.warehouse }),
  ...(credential.kind === 'key-pair' && { key: toSnowflakePublicKey(credential.privateKey).body }),
})

const errorCodes: ReadonlyMap<CauseId, ErrorCode> = new Map([
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

const toErrorCode = ({ phase }: DriverFailure, cause?: CauseId): ErrorCode =>
  (cause && errorCodes.get(cause)) ?? (phase === 'query' ? 'SNOWFLAKE_QUERY_REFUSED' : 'SNOWFLAKE_LOGIN_REFUSED')

const describeFailure = ({ phase, error, timedOutAfterMs }: DriverFailure): string => {
  if (timedOutAfterMs !== undefined) return `No response to the ${phase} for ${timedOutAfterMs} milliseconds.`
  const text = [error?.code, error?.message].filter(Boolean).join(': ')
  return text === '' || /[.!?]$/.test(text) ? text : `${text}.`
}

/** Milliseconds that a first login can take: a shorter timeout may be the cause. */
const slowLoginMs = 9_000

const causeByErrorCode: ReadonlyMap<string, CauseId> = new Map([
  ['ENOTFOUND', 'snowflake-name-unknown'],
  ['EAI_AGAIN', 'snowflake-unreachable'],
  ['ECONNABORTED', 'snowflake-unreachable'],
  ['ECONNREFUSED', 'snowflake-unreachable'],
  ['ECONNRESET', 'snowflake-unreachable'],
  ['EHOSTUNREACH', 'snowflake-unreachable'],
  ['ENETUNREACH', 'snowflake-unreachable'],
  ['EPIPE', 'snowflake-unreachable'],
  ['ETIMEDOUT', 'snowflake-unreachable'],
])

const tlsErrorCode = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO$)/

/** The cause that the connection shows; undefined if Snowflake responded and its message has the cause. */
const connectionCause = (
  { phase, error, timedOutAfterMs, lastResponse }: DriverFailure,
  timeoutMs: number,
): CauseId | undefined => {
  const { status, contentType, fault = error?.causeCode } = lastResponse ?? {}
  if (fault !== undefined) {
    if (tlsErrorCode.test(fault)) return 'snowflake-tls'
    return causeByErrorCode.get(fault) ?? (fault.startsWith('HPE_') ? 'proxy-answers' : undefined)
  }
  if (status !== undefined && status >= 500) return 'snowflake-down'
  if (timedOutAfterMs !== undefined) {
    if (phase === 'load' || (phase === 'login' && timeoutMs < slowLoginMs)) return 'function-timeout-too-short'
    return phase === 'login' ? 'snowflake-unreachable' : 'snowflake-down'
  }
  // The driver does not report responses outside its protocol.
  if (status === 403 || status === 404) return 'account-identifier-wrong'
  if (status === 429) return 'user-too-busy'
  if (status !== undefined && !contentType?.includes('json')) return 'proxy-answers'
  return undefined
}
