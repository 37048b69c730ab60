import { assembleProbe } from '../../../functions/snowflake-probe/assemble.ts'
import type { Environment } from '../../../shared/settings.ts'
import { newKeyPair, type Served } from '../../local/snowflake-server/served.ts'

export const keys = newKeyPair()

/** Where `startServed` is, as the variables of a function would have it; nothing of this process's own environment. */
export const variables = (served: Pick<Served, 'url'>, more: Environment = {}): Environment => ({
  SNOWFLAKE_URL: served.url,
  SNOWFLAKE_ACCOUNT: 'myorg-myaccount',
  SNOWFLAKE_USER: 'PROBE',
  SNOWFLAKE_LOGIN: 'workload-identity',
  SNOWFLAKE_WIF_ALLOWED_HOST_SUFFIXES: '127.0.0.1',
  NO_PROXY: '127.0.0.1',
  AWS_REGION: 'eu-central-1',
  // The driver is a thousand files, and each probe loads it anew.
  ...(process.env['NODE_COMPILE_CACHE'] && { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }),
  ...more,
})

/** As Lambda gives a function its role. */
export const roleVariables = (served: Served, roleName: string, path = '/'): Environment => {
  const { accessKeyId, secretAccessKey, sessionToken } = served.roleSession(roleName, { path })
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken }
}

/** As the secrets of a container arrive. */
export const keyVariables = (privateKey = keys.privatePem): Environment => ({
  SNOWFLAKE_LOGIN: 'key-pair',
  SECRET_KEY: privateKey,
})

export interface Answer extends Readonly<Record<string, unknown>> {
  readonly milliseconds: Readonly<Record<string, number>>
}

/** The probe as one environment of Lambda has it; each call says how many milliseconds are left. */
export const prober = (env: Environment) => {
  const story = assembleProbe(env)
  return (milliseconds = 15_000): Promise<Answer> => {
    const until = performance.now() + milliseconds
    const remainingMilliseconds = () => Math.floor(until - performance.now())
    return story({}, { callerArn: undefined, remainingMilliseconds }) as Promise<Answer> // its shape is what is tested
  }
}
