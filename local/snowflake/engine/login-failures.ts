import type { FindFunction } from './query/index.ts'
import { doesNotExist } from './snowflake-error.ts'
import { text, toText } from './values/index.ts'

/** https://docs.snowflake.com/en/sql-reference/functions/system_get_login_failure_details */
export interface LoginFailure {
  readonly clientIP: string
  readonly clientType: string
  readonly clientVersion: string
  readonly username: string
  readonly errorCode: string
  /** Seconds since 1970. */
  readonly timestamp: number
}

const maxFailures = 1_000

/** Why logins failed, by the id in the rejection. An administrator can read the reason; the caller cannot. */
export const createLoginFailures = () => {
  const failures = new Map<string, LoginFailure>()
  const find: FindFunction = (name, types) => {
    if (name.join('.') !== 'SYSTEM$GET_LOGIN_FAILURE_DETAILS' || types.length !== 1) return undefined
    return async ([column]) => ({
      type: text,
      values: (column?.values ?? []).map((value) => {
        if (value === null) return null
        const id = toText(value, column?.type ?? text) ?? ''
        const found = failures.get(id)
        if (!found) throw doesNotExist('Login failure', id)
        return JSON.stringify(found)
      }),
    })
  }
  return {
    find,
    record: (id: string, failure: LoginFailure): void => {
      failures.set(id, failure)
      const [oldest] = failures.keys()
      if (failures.size > maxFailures && oldest !== undefined) failures.delete(oldest)
    },
  }
}
