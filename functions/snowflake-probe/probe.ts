import type { ServiceError } from '../../shared/errors/index.ts'
import type { Circumstances } from '../../shared/http/index.ts'
import type { Evidence, Proof, SnowflakeClient, SnowflakeLogin } from '../../shared/snowflake/index.ts'
import { SnowflakeFailure } from '../../shared/snowflake/index.ts'
import type { Attempt } from './diagnosis.ts'

export interface Needs {
  readonly login: SnowflakeLogin & { readonly url: string }
  readonly client: SnowflakeClient
  readonly prove: (signal: AbortSignal) => Promise<Proof>
  /** A new credential after Snowflake rejected one: a key that was rotated in the meantime. */
  readonly proveAnew: (refused: Proof, signal: AbortSignal) => Promise<Proof | undefined>
  /** The identity of the credential, as AWS or Snowflake names it; null if STS is not reachable. */
  readonly presented: (proof: Proof, signal: AbortSignal) => Promise<string | null>
  readonly diagnose: (evidence: Evidence, attempt: Attempt) => ServiceError
}

/** Milliseconds reserved for stopping the driver and writing the response. */
const reserve = 700

const statement = `SELECT CURRENT_USER() AS "user", CURRENT_ROLE() AS "role", CURRENT_ACCOUNT() AS "account",
  CURRENT_REGION() AS "region", CURRENT_VERSION() AS "version", CURRENT_WAREHOUSE() AS "warehouse"`

/**
 * Logs in to Snowflake, queries the current user and account, and logs out: `{}` → `{"user", "role", "account", "region",
 * "version", "warehouse", "login", "presented", "milliseconds"}`. The input is ignored.
 * @throws ServiceError with the cause and the fix
 */
export const probe = ({ login, client, prove, proveAnew, presented, diagnose }: Needs) => {
  const { url, account, role, warehouse } = login
  return async (_: unknown, { remainingMilliseconds }: Pick<Circumstances, 'remainingMilliseconds'>) => {
    const began = performance.now()
    const since = () => Math.round(performance.now() - began)
    const within = Math.max(0, remainingMilliseconds() - reserve)
    const answered = new AbortController()
    const signal = AbortSignal.any([AbortSignal.timeout(within), answered.signal])

    const logIn = async (proof: Proof, another: typeof proveAnew): Promise<unknown> => {
      const credentials = since()
      const who = presented(proof, signal)
      try {
        const { row, milliseconds } = await client.askOnce({
          connection: { url, account, proof, ...(role !== undefined && { role }), ...(warehouse && { warehouse }) },
          statement,
          within: Math.max(0, within - since()),
        })
        const times = { credentials, ...milliseconds, total: since() }
        return { ...row, login: login.login, presented: await who, milliseconds: times }
      } catch (failure) {
        if (!(failure instanceof SnowflakeFailure)) throw failure
        const replacement = isRefused(failure) ? await another(proof, signal) : undefined
        if (replacement) return logIn(replacement, async () => undefined)
        throw diagnose(failure.evidence, { login, proof, within })
      }
    }
    return logIn(await prove(signal), proveAnew).finally(() => answered.abort())
  }
}

/** Server codes are strings. https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting */
const isRefused = ({ evidence }: SnowflakeFailure): boolean => /^(390144|3943\d\d)$/.test(evidence.error?.code ?? '')
