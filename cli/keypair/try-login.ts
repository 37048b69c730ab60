import type { Environment } from '../../shared/settings.ts'
import { createDriver, type KeyPairLogin, SnowflakeFailure } from '../../shared/snowflake/index.ts'
import type { Means } from './means.ts'

/** Milliseconds. A first login has been seen to take 9 seconds. */
const patience = 20_000

/** A real login of the user, by the driver that the service logs in with. */
export const tryLogin =
  ({ account, user }: KeyPairLogin, url: string, env: Environment): Means['tryLogin'] =>
  async (privateKey) => {
    const proof = { kind: 'key-pair', user, privateKey } as const
    const connection = { url, account, proof }
    try {
      await createDriver(env).askOnce({ connection, statement: 'SELECT CURRENT_USER()', within: patience })
      return true
    } catch (failure) {
      if (!(failure instanceof SnowflakeFailure)) throw failure
      const { error } = failure.evidence
      return error
        ? [error.code, error.message].filter(Boolean).join(': ')
        : `No response within ${patience / 1_000} s.`
    }
  }
