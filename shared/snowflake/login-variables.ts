import { type Environment, readVariables } from '../aws/lambda-environment.ts'

/** The service's login to Snowflake, as in the access map. Names are upper case, as SQL resolves identifiers. */
export type SnowflakeLogin = WorkloadIdentityLogin | KeyPairLogin

interface LoginBase {
  /** `MYORG-MYACCOUNT`, or a locator with its region, `xy12345.eu-central-1`. */
  readonly account: string
  readonly user: string
  readonly role?: string
  readonly warehouse?: string
}

/** With the function's role and no other secret. https://docs.snowflake.com/en/user-guide/workload-identity-federation */
export interface WorkloadIdentityLogin extends LoginBase {
  readonly login: 'workload-identity'
  /** A token of sts:GetWebIdentityToken instead of a signed sts:GetCallerIdentity. */
  readonly webIdentityToken?: true
  /** Roles to assume in order: the session of the last role logs in. */
  readonly impersonate?: readonly string[]
}

/** With a key pair whose private key is in Parameter Store. https://docs.snowflake.com/en/user-guide/key-pair-auth */
export interface KeyPairLogin extends LoginBase {
  readonly login: 'key-pair'
  /** Names of two SecureStrings. */
  readonly privateKey: string
  readonly passphrase: string
  /** The KMS key of both parameters; absent: the AWS managed key `aws/ssm`. */
  readonly kmsKeyArn?: string
}

/** The account's URL. Host names have no underscores; the domain depends on the region's partition. */
export const snowflakeUrl = (account: string, region: string): string =>
  `https://${account.toLowerCase().replaceAll('_', '-')}.snowflakecomputing.${region.startsWith('cn-') ? 'cn' : 'com'}`

/** The environment variables of the login, for a function or an ECS task. */
export type LoginVariables = Readonly<Record<string, string>>

export const toLoginVariables = (login: SnowflakeLogin, region: string): LoginVariables => ({
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

/** Parses the variables of `toLoginVariables`. @throws {TypeError} that names the invalid variable */
export const parseLoginVariables = (env: Environment): SnowflakeLogin & { readonly url: string } => {
  const { SNOWFLAKE_URL, SNOWFLAKE_ACCOUNT, SNOWFLAKE_USER, SNOWFLAKE_LOGIN } = readVariables(
    env,
    'SNOWFLAKE_URL',
    'SNOWFLAKE_ACCOUNT',
    'SNOWFLAKE_USER',
    'SNOWFLAKE_LOGIN',
  )
  const { SNOWFLAKE_ROLE: role, SNOWFLAKE_WAREHOUSE: warehouse } = env
  const base = {
    // The driver would double a trailing slash.
    url: new URL(SNOWFLAKE_URL).origin,
    account: SNOWFLAKE_ACCOUNT,
    user: SNOWFLAKE_USER,
    ...(role && { role }),
    ...(warehouse && { warehouse }),
  }
  if (SNOWFLAKE_LOGIN === 'workload-identity') {
    const { SNOWFLAKE_WEB_IDENTITY_TOKEN: token, SNOWFLAKE_IMPERSONATE: roles } = env
    return {
      ...base,
      login: SNOWFLAKE_LOGIN,
      ...(token === 'true' && { webIdentityToken: true }),
      ...(roles && { impersonate: roles.split(',') }),
    }
  }
  if (SNOWFLAKE_LOGIN !== 'key-pair') throw new TypeError('SNOWFLAKE_LOGIN must be workload-identity or key-pair.')
  const { SNOWFLAKE_PRIVATE_KEY_PARAMETER: privateKey = '', SNOWFLAKE_PASSPHRASE_PARAMETER: passphrase = '' } = env
  return { ...base, login: SNOWFLAKE_LOGIN, privateKey, passphrase }
}
