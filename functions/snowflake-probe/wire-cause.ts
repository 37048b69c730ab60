import type { CauseId } from '../../shared/diagnoses/index.ts'
import type { Evidence } from '../../shared/snowflake/index.ts'

/** Milliseconds that a first login can take: a shorter timeout may be the cause. */
const slowLogin = 9_000

const byFault: ReadonlyMap<string, CauseId> = new Map([
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

const tls = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO$)/

/** The cause that the connection shows; undefined if Snowflake responded and its message has the cause. */
export const wireCause = ({ phase, error, lateAfter, seen }: Evidence, within: number): CauseId | undefined => {
  const { status, contentType, fault = error?.causeCode } = seen ?? {}
  if (fault !== undefined) {
    if (tls.test(fault)) return 'snowflake-tls'
    return byFault.get(fault) ?? (fault.startsWith('HPE_') ? 'proxy-answers' : undefined)
  }
  if (status !== undefined && status >= 500) return 'snowflake-down'
  if (lateAfter !== undefined) {
    if (phase === 'load' || (phase === 'login' && within < slowLogin)) return 'function-timeout-too-short'
    return phase === 'login' ? 'snowflake-unreachable' : 'snowflake-down'
  }
  // The driver does not report responses outside its protocol.
  if (status === 403 || status === 404) return 'account-identifier-wrong'
  if (status === 429) return 'user-too-busy'
  if (status !== undefined && !contentType?.includes('json')) return 'proxy-answers'
  return undefined
}
