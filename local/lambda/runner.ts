import { createEnvironment, type Environment } from './environment.ts'
import { environmentVariables, logStreamName, reservedNamesIn } from './environment-variables.ts'
import { createPool } from './pool.ts'
import { startSandbox } from './sandbox.ts'
import type { LambdaFunction, LambdaRunner, LogEntry, RoleCredentials } from './types.ts'

/** A function that the local stack cannot run as it is declared; the message names every reason. */
export class FunctionConfigurationError extends Error {
  override readonly name = 'FunctionConfigurationError'
}

interface Needs {
  readonly functions: readonly LambdaFunction[]
  readonly region: string
  /** Fresh credentials of the function's execution role for one environment, in a session named after the function. */
  readonly credentialsFor: (fn: LambdaFunction) => RoleCredentials
  /** Laid over the AWS variables: the stack's endpoint, such as `AWS_ENDPOINT_URL`. */
  readonly endpointVariables: (fn: LambdaFunction) => Readonly<Record<string, string>>
  readonly log: (entry: LogEntry) => void
  readonly now: () => Date
  /** Beyond them invocations wait in line. Lambda would throttle at the account's limit; that is not imitated. */
  readonly environmentsPerFunction?: number
}

/** Runs functions as Lambda does, each environment a process of its own. Throws FunctionConfigurationError. */
export const createLambdaRunner = (needs: Needs): LambdaRunner => {
  const { functions, region, credentialsFor, endpointVariables, log, now, environmentsPerFunction = 8 } = needs
  const problems = functions.flatMap(problemsOf)
  if (problems.length > 0) throw new FunctionConfigurationError(problems.join('\n'))

  const start = (fn: LambdaFunction, count: number): Environment => {
    const credentials = credentialsFor(fn)
    const logStream = logStreamName(fn, now(), count)
    const variables = environmentVariables(fn, {
      region,
      credentials,
      logStream,
      endpointVariables: endpointVariables(fn),
    })
    return createEnvironment(fn, {
      startSandbox: (onLine) => startSandbox(fn, variables, onLine),
      credentialsExpire: credentials.expiration,
      log,
      now,
    })
  }
  const pools = new Map(
    functions.map((fn) => [fn.name, createPool((count) => start(fn, count), environmentsPerFunction)]),
  )

  // However the stack's own process ends, short of being killed outright, it takes the environments along.
  const endAll = () => [...pools.values()].map((pool) => pool.end())
  process.once('exit', endAll)
  return {
    invoke: async (functionName, invocation) => {
      const pool = pools.get(functionName)
      if (!pool) throw new TypeError(`the local stack has no function ${functionName}`)
      return pool.use((environment) => environment.invoke(invocation))
    },
    stop: async () => {
      process.off('exit', endAll)
      await Promise.all(endAll())
    },
  }
}

const problemsOf = ({ name, runtime, environment }: LambdaFunction): string[] => {
  const names = reservedNamesIn(environment)
  return [
    ...(runtime === 'nodejs24.x' ? [] : [`${name}: the local stack runs nodejs24.x and not ${runtime}`]),
    // Lambda's words.
    ...(names.length === 0
      ? []
      : [
          `${name}: Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${names.join(', ')}`,
        ]),
  ]
}
