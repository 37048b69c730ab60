import type { ServiceError } from '../../shared/errors/index.ts'
import type { Circumstances } from '../../shared/http/index.ts'
import type { Answer, Evidence, Proof, SnowflakeClient, SnowflakeLogin } from '../../shared/snowflake/index.ts'
import { SnowflakeFailure } from '../../shared/snowflake/index.ts'

export interface Needs {
  readonly login: SnowflakeLogin & { readonly url: string }
  readonly client: SnowflakeClient
  readonly prove: (signal: AbortSignal) => Promise<Proof>
  /** Another proof in the place of one that Snowflake refused, where there is one: a key that was rotated meanwhile. */
  readonly proveAnew: (refused: Proof, signal: AbortSignal) => Promise<Proof | undefined>
  /** Who it is that the proof proves, in words of AWS or Snowflake; null where nobody could be asked. */
  readonly presented: (proof: Proof, signal: AbortSignal) => Promise<string | null>
  readonly diagnose: (evidence: Evidence, login: Needs['login'], within: number) => ServiceError
}

/** Milliseconds kept to end the driver and to write the answer in. */
const reserve = 700

const statement = `SELECT CURRENT_USER() AS "user", CURRENT_ROLE() AS "role", CURRENT_ACCOUNT() AS "account",
  CURRENT_REGION() AS "region", CURRENT_VERSION() AS "version", CURRENT_WAREHOUSE() AS "warehouse"`

/**
 * Logs in to Snowflake anew, asks who and where it is, and logs out: `{}` → `{"user", "role", "account", "region",
 * "version", "warehouse", "login", "presented", "milliseconds"}`. The input is not looked at.
 * @throws ServiceError with the cause, and what would mend it
 */
export const probe = ({ login, client, prove, proveAnew, presented, diagnose }: Needs) => {
  return async (_: unknown, { remainingMilliseconds }: Pick<Circumstances, 'remainingMilliseconds'>) => {
    const began = performance.now()
    const within = Math.max(0, remainingMilliseconds() - reserve)
    const signal = AbortSignal.timeout(within)
    const left = () => Math.max(0, Math.round(within - (performance.now() - began)))

    const { url, account, role, warehouse } = login
    const attempt = (proof: Proof): Promise<Answer> =>
      client.askOnce({
        connection: { url, account, proof, ...(role !== undefined && { role }), ...(warehouse && { warehouse }) },
        statement,
        within: left(),
      })

    const proof = await prove(signal)
    const credentials = Math.round(performance.now() - began)
    let who = presented(proof, signal)
    try {
      const { row, milliseconds } = await attempt(proof).catch(async (failure: unknown) => {
        const another = isRefused(failure) ? await proveAnew(proof, signal) : undefined
        if (!another) throw failure
        who = presented(another, signal)
        return attempt(another)
      })
      return {
        ...row,
        login: login.login,
        presented: await who,
        milliseconds: { credentials, ...milliseconds, total: Math.round(performance.now() - began) },
      }
    } catch (failure) {
      if (!(failure instanceof SnowflakeFailure)) throw failure
      throw diagnose(failure.evidence, login, within)
    }
  }
}

/** A server's number stands there as text. https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting */
const isRefused = (failure: unknown): boolean =>
  failure instanceof SnowflakeFailure && /^(390144|3943\d\d)$/.test(failure.evidence.error?.code ?? '')
