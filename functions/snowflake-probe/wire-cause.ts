import type { CauseId } from '../../shared/diagnoses/index.ts'
import type { Evidence } from '../../shared/snowflake/index.ts'

/** Milliseconds that a first login has been seen to take: who has less than that may simply have had too little. */
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

/** What is broken as far as the connection shows it; undefined where Snowflake spoke, and its words have to tell. */
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
  // The driver keeps the answer to itself when it is none of the protocol.
  if (status === 403 || status === 404) return 'account-identifier-wrong'
  if (status === 429) return 'user-too-busy'
  if (status !== undefined && !contentType?.includes('json')) return 'proxy-answers'
  return undefined
}
