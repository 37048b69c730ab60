import { type Environment, readVariables } from '../settings.ts'

/** How the service logs in to Snowflake, as the trust map has it. Names are as SQL's identifiers resolve, in upper case. */
export type SnowflakeLogin = WorkloadIdentityLogin | KeyPairLogin

interface AnyLogin {
  /** `MYORG-MYACCOUNT`, or a locator with its region, `xy12345.eu-central-1`. */
  readonly account: string
  readonly user: string
  readonly role?: string
  readonly warehouse?: string
}

/** By the role of the function, and by nothing else. https://docs.snowflake.com/en/user-guide/workload-identity-federation */
export interface WorkloadIdentityLogin extends AnyLogin {
  readonly login: 'workload-identity'
  /** A token of sts:GetWebIdentityToken instead of a signed sts:GetCallerIdentity. */
  readonly webIdentityToken?: true
  /** Roles to assume one after the other: the last one's session logs in. */
  readonly impersonate?: readonly string[]
}

/** By a key pair whose private half is in Parameter Store. https://docs.snowflake.com/en/user-guide/key-pair-auth */
export interface KeyPairLogin extends AnyLogin {
  readonly login: 'key-pair'
  /** Names of two SecureStrings. */
  readonly privateKey: string
  readonly passphrase: string
  /** Of the key that both lie under; absent: `aws/ssm`, which AWS manages. */
  readonly kmsKeyArn?: string
}

/** Where the account answers. Host names have no underscores; the domain follows the partition of the region. */
export const snowflakeUrl = (account: string, region: string): string =>
  `https://${account.toLowerCase().replaceAll('_', '-')}.snowflakecomputing.${region.startsWith('cn-') ? 'cn' : 'com'}`

/** The variables through which a function, or a task, knows its login. */
export type LoginVariables = Readonly<Record<string, string>>

export const writeLogin = (login: SnowflakeLogin, region: string): LoginVariables => ({
  SNOWFLAKE_URL: snowflakeUrl(login.account, region),
  SNOWFLAKE_ACCOUNT: login.account,
  SNOWFLAKE_USER: login.user,
  SNOWFLAKE_LOGIN: login.login,
  ...(login.role !== undefined && { SNOWFLAKE_ROLE: login.role }),
  ...(login.warehouse !== undefined && { SNOWFLAKE_WAREHOUSE: login.warehouse }),
  ...(login.login === 'key-pair'
    ? { SNOWFLAKE_PRIVATE_KEY_PARAMETER: login.privateKey, SNOWFLAKE_PASSPHRASE_PARAMETER: login.passphrase }
    : {
        ...(login.webIdentityToken && { SNOWFLAKE_WEB_IDENTITY_TOKEN: 'true' }),
        ...(login.impersonate && { SNOWFLAKE_IMPERSONATE: login.impersonate.join(',') }),
      }),
})

/** The login that `writeLogin` wrote. @throws {TypeError} that names what does not fit */
export const readLogin = (env: Environment): SnowflakeLogin & { readonly url: string } => {
  const { SNOWFLAKE_URL, SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER, SNOWFLAKE_LOGIN } = readVariables(
    env,
    'SNOWFLAKE_URL',
    'SNOWFLAKE_ACCOUNT',
    'SNOWFLAKE_USER',
    'SNOWFLAKE_LOGIN',
  )
  const { SNOWFLAKE_ROLE: role, SNOWFLAKE_WAREHOUSE: warehouse } = env
  const who = {
    // A slash at its end would be doubled by the driver.
    url: new URL(SNOWFLAKE_URL).origin,
    account: SNOWFLAKE_ACCOUNT,
    user: SNOWFLAKE_USER,
    ...(role && { role }),
    ...(warehouse && { warehouse }),
  }
  if (SNOWFLAKE_LOGIN === 'workload-identity') {
    const { SNOWFLAKE_WEB_IDENTITY_TOKEN: token, SNOWFLAKE_IMPERSONATE: roles } = env
    return {
      ...who,
      login: SNOWFLAKE_LOGIN,
      ...(token === 'true' && { webIdentityToken: true }),
      ...(roles && { impersonate: roles.split(',') }),
    }
  }
  if (SNOWFLAKE_LOGIN !== 'key-pair') throw new TypeError('SNOWFLAKE_LOGIN is workload-identity or key-pair.')
  const { SNOWFLAKE_PRIVATE_KEY_PARAMETER: privateKey = '', SNOWFLAKE_PASSPHRASE_PARAMETER: passphrase = '' } = env
  return { ...who, login: SNOWFLAKE_LOGIN, privateKey, passphrase }
}
