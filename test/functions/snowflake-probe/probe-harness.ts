import { createProbeHandler } from '../../../functions/snowflake-probe/create-probe-handler.ts'
import type { Environment } from '../../../shared/aws/lambda-environment.ts'
import { newKeyPair, type SnowflakeTestServer } from '../../local/snowflake/server/snowflake-test-server.ts'

export const keys = newKeyPair()

/** The variables of a function for a test server, without the environment of this process. */
export const probeVariables = (served: Pick<SnowflakeTestServer, 'url'>, more: Environment = {}): Environment => ({
  SNOWFLAKE_URL: served.url,
  SNOWFLAKE_ACCOUNT: 'myorg-myaccount',
  SNOWFLAKE_USER: 'PROBE',
  SNOWFLAKE_LOGIN: 'workload-identity',
  SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: '127.0.0.1',
  NO_PROXY: '127.0.0.1',
  AWS_REGION: 'eu-central-1',
  // The driver has a thousand files, and each probe loads it again.
  ...(process.env['NODE_COMPILE_CACHE'] && { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }),
  ...more,
})

/** The credentials of a role, as Lambda sets them. */
export const roleVariables = (served: SnowflakeTestServer, roleName: string, path = '/'): Environment => {
  const { accessKeyId, secretAccessKey, sessionToken } = served.roleSession(roleName, { path })
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken }
}

/** The secret of a container. */
export const keyVariables = (privateKey = keys.privatePem): Environment => ({
  SNOWFLAKE_LOGIN: 'key-pair',
  SECRET_KEY: privateKey,
})

export interface ProbeResult extends Readonly<Record<string, unknown>> {
  readonly milliseconds: Readonly<Record<string, number>>
}

/** The probe of one Lambda environment; each call has its remaining milliseconds. */
export const createProbe = (env: Environment) => {
  const handle = createProbeHandler(env)
  return (milliseconds = 15_000): Promise<ProbeResult> => {
    const deadline = performance.now() + milliseconds
    const remainingMilliseconds = () => Math.floor(deadline - performance.now())
    return handle({}, { callerArn: undefined, remainingMilliseconds }) as Promise<ProbeResult> // its shape is what is tested
  }
}
