import type { ServiceError } from '../../shared/errors/service-error.ts'
import type { RequestContext } from '../../shared/http/index.ts'
import {
  type DriverFailure,
  type SnowflakeClient,
  type SnowflakeCredential,
  SnowflakeDriverError,
  type SnowflakeLogin,
} from '../../shared/snowflake/index.ts'
import type { LoginAttempt } from './diagnose-failure.ts'

export interface ProbeDependencies {
  readonly login: SnowflakeLogin & { readonly url: string }
  readonly client: SnowflakeClient
  readonly authenticate: (signal: AbortSignal) => Promise<SnowflakeCredential>
  /** A new credential after Snowflake rejected one: a key that was rotated in the meantime. */
  readonly authenticateAgain: (
    rejected: SnowflakeCredential,
    signal: AbortSignal,
  ) => Promise<SnowflakeCredential | undefined>
  /** The identity of the credential, as AWS or Snowflake names it; null if STS is not reachable. */
  readonly loginIdentity: (credential: SnowflakeCredential, signal: AbortSignal) => Promise<string | null>
  readonly diagnose: (failure: DriverFailure, attempt: LoginAttempt) => ServiceError
}

/** Milliseconds reserved for stopping the driver and writing the response. */
const responseReserveMs = 700

const statement = `SELECT CURRENT_USER() AS "user", CURRENT_ROLE() AS "role", CURRENT_ACCOUNT() AS "account",
  CURRENT_REGION() AS "region", CURRENT_VERSION() AS "version", CURRENT_WAREHOUSE() AS "warehouse"`

/**
 * Logs in to Snowflake, queries the current user and account, and logs out: `{}` → `{"user", "role", "account", "region",
 * "version", "warehouse", "login", "identity", "milliseconds"}`. The input is ignored.
 * @throws ServiceError with the cause and the fix
 */
export const probe = ({
  login,
  client,
  authenticate,
  authenticateAgain,
  loginIdentity,
  diagnose,
}: ProbeDependencies) => {
  const { url, account, role, warehouse } = login
  return async (_: unknown, { remainingMilliseconds }: Pick<RequestContext, 'remainingMilliseconds'>) => {
    const startedAt = performance.now()
    const elapsed = () => Math.round(performance.now() - startedAt)
    const timeoutMs = Math.max(0, remainingMilliseconds() - responseReserveMs)
    const finished = new AbortController()
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), finished.signal])

    const logIn = async (
      credential: SnowflakeCredential,
      retryAuthentication: typeof authenticateAgain,
    ): Promise<unknown> => {
      const credentialsMs = elapsed()
      const identity = loginIdentity(credential, signal)
      try {
        const { row, milliseconds } = await client.runOnce({
          connection: {
            url,
            account,
            credential,
            ...(role !== undefined && { role }),
            ...(warehouse && { warehouse }),
          },
          statement,
          timeoutMs: Math.max(0, timeoutMs - elapsed()),
        })
        const times = { credentials: credentialsMs, ...milliseconds, total: elapsed() }
        return { ...row, login: login.login, identity: await identity, milliseconds: times }
      } catch (failure) {
        if (!(failure instanceof SnowflakeDriverError)) throw failure
        const replacement = isKeyRejected(failure) ? await retryAuthentication(credential, signal) : undefined
        if (replacement) return logIn(replacement, async () => undefined)
        throw diagnose(failure.failure, { login, credential, timeoutMs })
      }
    }
    return logIn(await authenticate(signal), authenticateAgain).finally(() => finished.abort())
  }
}

/** Server codes are strings. https://docs.snowflake.com/en/user-guide/key-pair-auth-troubleshooting */
const isKeyRejected = ({ failure }: SnowflakeDriverError): boolean =>
  /^(390144|3943\d\d)$/.test(failure.error?.code ?? '')
