import type { AwsCredentials } from './aws-api-client.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment of the process. No other deployed file reads it. */
export const processEnvironment = (): Environment => process.env

/** Reads required variables. The error names all missing ones. */
export const readVariables = <Name extends string>(
  env: Environment,
  ...names: Name[]
): Readonly<Record<Name, string>> => {
  const missing = names.filter((name) => !env[name])
  if (missing.length > 0) throw new TypeError(`Missing environment variables: ${missing.join(', ')}.`)
  return Object.fromEntries(names.map((name) => [name, env[name]])) as Record<Name, string> // none is missing
}

/** The credential variables of a function's role. The session token may be absent outside Lambda. */
export const credentialVariables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const

/** The credentials that Lambda gives a function for its execution role. */
export const roleCredentials = (env: Environment): AwsCredentials => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = readVariables(env, ...credentialVariables)
  const sessionToken = env['AWS_SESSION_TOKEN']
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(sessionToken && { sessionToken }),
  }
}
