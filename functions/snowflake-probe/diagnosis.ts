import { type CauseId, causes } from '../../shared/diagnoses/causes.ts'
import { type ErrorCode, ServiceError } from '../../shared/errors/index.ts'
import { type Evidence, type Proof, SnowflakeFailure, type SnowflakeLogin } from '../../shared/snowflake/index.ts'
import { wireCause } from './wire-cause.ts'

export interface Circumstances {
  readonly login: SnowflakeLogin
  readonly proof: Proof
  /** Milliseconds that there were. */
  readonly within: number
}

/** What the service answers when it could not log in or ask: Snowflake's words, the likeliest cause, and what mends it. */
export const diagnose = (evidence: Evidence, { within }: Circumstances): ServiceError => {
  const first = wireCause(evidence, within)
  const { what, mend } = first === undefined ? { what: '', mend: '' } : causes[first]
  const detail = [wordsOf(evidence), what, mend && `To mend it: ${mend}`].filter(Boolean).join(' ')
  return new ServiceError(codeOf(first, evidence), { cause: new SnowflakeFailure(evidence), detail })
}

const codes: Partial<Record<CauseId, ErrorCode>> = {
  'function-timeout-too-short': 'SNOWFLAKE_UNREACHABLE',
  'snowflake-unreachable': 'SNOWFLAKE_UNREACHABLE',
  'snowflake-down': 'SNOWFLAKE_UNREACHABLE',
  'user-too-busy': 'SNOWFLAKE_BUSY',
  'account-identifier-wrong': 'SNOWFLAKE_UNUSABLE',
  'snowflake-name-unknown': 'SNOWFLAKE_UNUSABLE',
  'snowflake-tls': 'SNOWFLAKE_UNUSABLE',
  'proxy-answers': 'SNOWFLAKE_UNUSABLE',
}

const codeOf = (cause: CauseId | undefined, { phase }: Evidence): ErrorCode =>
  (cause && codes[cause]) ?? (phase === 'query' ? 'SNOWFLAKE_QUERY_REFUSED' : 'SNOWFLAKE_LOGIN_REFUSED')

const wordsOf = ({ phase, error, lateAfter }: Evidence): string => {
  if (lateAfter !== undefined) return `There was no answer to the ${phase} for ${lateAfter} milliseconds.`
  return [error?.code, error?.message].filter(Boolean).join(': ')
}
