import { tmpdir } from 'node:os'
import type { Connection, ConnectionOptions, RowStatement } from 'snowflake-sdk'
import { accountName, type newKeyPair, type SnowflakeTestServer } from './snowflake-test-server.ts'

const loadInstalledDriver = async () => (await import('snowflake-sdk')).default

export type Driver = Awaited<ReturnType<typeof loadInstalledDriver>>

/** The real driver, without its probing of platforms, its logs, caches and telemetry. They are read when it is loaded. */
export const loadDriver = async (load: () => Promise<Driver> = loadInstalledDriver): Promise<Driver> => {
  Object.assign(process.env, {
    SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
    SNOWFLAKE_DISABLE_MINICORE: '1',
    SF_TELEMETRY_DISABLE_CONNECTION_SHAPE: '1',
    SF_OCSP_RESPONSE_CACHE_DIR: process.env['SF_OCSP_RESPONSE_CACHE_DIR'] ?? tmpdir(),
    SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: '127.0.0.1',
    NO_PROXY: '127.0.0.1',
    AWS_REGION: 'eu-central-1',
  })
  const driver = await load()
  const silent = () => undefined
  driver.configure({
    customLogger: { error: silent, warn: silent, info: silent, debug: silent, trace: silent },
    useEnvProxy: false,
  })
  return driver
}

interface AwsKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

interface WorkloadOptions {
  readonly role?: string
  readonly path?: string
  readonly allowedActions?: readonly string[]
  /** In place of a session of the role. */
  readonly key?: AwsKey
}

/** The driver signs with what the environment holds, and asks the STS beside this Snowflake. */
export const workloadIdentityOptions = (
  server: SnowflakeTestServer,
  { role = 'hello-role', path = '/service-role/', allowedActions = [], key }: WorkloadOptions = {},
) => {
  const { accessKeyId, secretAccessKey, sessionToken } = key ?? server.roleSession(role, { path, allowedActions })
  delete process.env['AWS_SESSION_TOKEN']
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_STS: server.url,
    ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
  })
  return {
    account: accountName,
    accessUrl: server.url,
    ...({ authenticator: 'WORKLOAD_IDENTITY', workloadIdentityProvider: 'AWS' } as const),
  }
}

/** It asks for the token of whom the environment names. */
export const outboundTokenOptions = (
  server: SnowflakeTestServer,
  { allowedActions = ['sts:GetWebIdentityToken'], ...options }: WorkloadOptions = {},
) => ({
  ...workloadIdentityOptions(server, { ...options, allowedActions }),
  workloadIdentityAwsUseOutboundToken: true,
})

export const keyPairOptions = (
  { url }: SnowflakeTestServer,
  { privatePem }: ReturnType<typeof newKeyPair>,
  username = 'probe',
) => ({
  account: accountName,
  accessUrl: url,
  username,
  ...({ authenticator: 'SNOWFLAKE_JWT', privateKey: privatePem } as const),
})

interface DriverFailure {
  readonly code: unknown
  readonly message: string
  readonly sqlState: unknown
}

/** `connectAsync` resolves when a login failed: the callback tells. */
export const connect = (driver: Driver, options: ConnectionOptions): Promise<Connection> => {
  const connection = driver.createConnection({ sfRetryMaxLoginRetries: 0, ...options })
  return new Promise((resolve, reject) => {
    connection.connect((error) => (error ? reject(error) : resolve(connection)))
  })
}

export const query = (connection: Connection, sqlText: string, binds: readonly (string | number | boolean)[] = []) =>
  new Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly statement: RowStatement }>(
    (resolve, reject) => {
      connection.execute({
        sqlText,
        binds: [...binds],
        complete: (error, statement, rows) => (error ? reject(error) : resolve({ statement, rows: rows ?? [] })),
      })
    },
  )

export const failureOf = async (work: Promise<unknown>): Promise<DriverFailure> => {
  try {
    await work
  } catch (error) {
    const { code, message, sqlState } = error as DriverFailure // the driver's errors have them, or not
    return { code, message, sqlState }
  }
  throw new Error('it was to fail')
}

export const close = (connection: Connection) =>
  new Promise<void>((resolve) => {
    connection.destroy(() => resolve())
  })
