import { environmentVariables, logStreamName, reservedNamesIn } from './environment-variables.ts'
import { createExecutionEnvironment, type ExecutionEnvironment } from './execution-environment.ts'
import type { LambdaFunction, LambdaRunner, LogEntry, RoleCredentials } from './lambda-function.ts'
import { startSandbox } from './sandbox.ts'

/** The environments of one function. */
interface EnvironmentPool {
  /** Lends an environment, the most recently used first, or a new one; waits in line when as many as may be are lent. */
  readonly use: <Result>(work: (environment: ExecutionEnvironment) => Promise<Result>) => Promise<Result>
  /** Ends every environment, lent ones too; who waits or comes later is refused. */
  readonly end: () => Promise<void>
}

/** `start` receives the number of environments started before. */
const createEnvironmentPool = (start: (count: number) => ExecutionEnvironment, size: number): EnvironmentPool => {
  const living = new Set<ExecutionEnvironment>()
  const idle: ExecutionEnvironment[] = []
  const waiting: {
    readonly lend: (environment: ExecutionEnvironment) => void
    readonly reject: (reason: unknown) => void
  }[] = []
  let started = 0
  let inUse = 0
  let isStopping = false

  const startOne = (): ExecutionEnvironment => {
    const environment = start(started++)
    living.add(environment)
    return environment
  }
  const discard = async (environment: ExecutionEnvironment): Promise<void> => {
    await environment.end()
    living.delete(environment)
  }
  const warm = (): ExecutionEnvironment | undefined => {
    for (let environment = idle.pop(); environment; environment = idle.pop()) {
      if (environment.usable()) return environment
      void discard(environment)
    }
    return undefined
  }
  const acquire = (): Promise<ExecutionEnvironment> | ExecutionEnvironment => {
    if (isStopping) throw new Error(stackStoppingMessage)
    if (inUse === size) return new Promise((lend, reject) => waiting.push({ lend, reject }))
    const environment = warm() ?? startOne()
    inUse += 1
    return environment
  }
  const release = (environment: ExecutionEnvironment): void => {
    inUse -= 1
    if (environment.usable()) idle.push(environment)
    else void discard(environment)
    const next = waiting.shift()
    if (!next) return
    try {
      next.lend(warm() ?? startOne())
      inUse += 1
    } catch (reason) {
      next.reject(reason)
    }
  }
  return {
    use: async (work) => {
      const environment = await acquire()
      try {
        return await work(environment)
      } finally {
        release(environment)
      }
    },
    end: async () => {
      isStopping = true
      for (const { reject } of waiting.splice(0)) reject(new Error(stackStoppingMessage))
      await Promise.all([...living].map(discard))
    },
  }
}

const stackStoppingMessage = 'the local stack is stopping'

/** A function that the local stack cannot run as it is declared; the message names every reason. */
export class FunctionConfigurationError extends Error {
  override readonly name = 'FunctionConfigurationError'
}

interface LambdaRunnerDependencies {
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
export const createLambdaRunner = (dependencies: LambdaRunnerDependencies): LambdaRunner => {
  const { functions, region, credentialsFor, endpointVariables, log, now, environmentsPerFunction = 8 } = dependencies
  const problems = functions.flatMap(configurationProblems)
  if (problems.length > 0) throw new FunctionConfigurationError(problems.join('\n'))

  const startEnvironment = (fn: LambdaFunction, count: number): ExecutionEnvironment => {
    const credentials = credentialsFor(fn)
    const logStream = logStreamName(fn, now(), count)
    const variables = environmentVariables(fn, {
      region,
      credentials,
      logStream,
      endpointVariables: endpointVariables(fn),
    })
    return createExecutionEnvironment(fn, {
      startSandbox: (onLine) => startSandbox(fn, variables, onLine),
      credentialsExpire: credentials.expiration,
      log,
      now,
    })
  }
  const pools = new Map(
    functions.map((fn) => [
      fn.name,
      createEnvironmentPool((count) => startEnvironment(fn, count), environmentsPerFunction),
    ]),
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

const configurationProblems = ({ name, runtime, environment }: LambdaFunction): string[] => {
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
