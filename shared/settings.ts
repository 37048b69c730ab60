import type { Credentials } from './signing/index.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment of the process: the one place where what deploys looks at it. */
export const environment = (): Environment => process.env

/** The variables a function asks for by name, so that all that are missing are told at once. */
export const readVariables = <Name extends string>(
  env: Environment,
  ...names: Name[]
): Readonly<Record<Name, string>> => {
  const missing = names.filter((name) => !env[name])
  if (missing.length > 0) throw new TypeError(`The environment lacks ${missing.join(', ')}.`)
  return Object.fromEntries(names.map((name) => [name, env[name]])) as Record<Name, string> // none is missing
}

/** Of the login of a function's role. The session token may be absent where somebody else than Lambda sets them. */
export const roleVariables = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'] as const

/** The login that Lambda gives a function with its role. */
export const roleCredentials = (env: Environment): Credentials => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = readVariables(env, ...roleVariables)
  const sessionToken = env['AWS_SESSION_TOKEN']
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(sessionToken && { sessionToken }),
  }
}
