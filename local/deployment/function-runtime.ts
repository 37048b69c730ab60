import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { devNull, tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { evaluate, requestContextKeys } from '../iam/index.ts'
import {
  createInvokeApi,
  createLambdaRunner,
  type Invocation,
  type InvocationResult,
  startBlackholeServer,
} from '../services/lambda/index.ts'
import type { RunningTargets } from '../services/targets/index.ts'
import { withLocalSnowflake } from '../snowflake/accounts.ts'
import type { StackState } from '../state.ts'
import type { DeployedResources, FunctionResource } from './deployed-resources.ts'
import type { createInFlightTracker } from './in-flight.ts'
import type { ManualChanges } from './manual-drift.ts'

interface FunctionRuntimeDependencies {
  readonly state: StackState
  readonly inFlight: ReturnType<typeof createInFlightTracker>
  /** The folder of a function's code. */
  readonly unpack: (fn: FunctionResource) => Promise<string>
  readonly environmentOf: RunningTargets['environmentOf']
  /** Runs these functions as it has until now; the others start. */
  readonly running?: { readonly names: ReadonlySet<string>; readonly functions: RunningFunctions }
}

export interface RunningFunctions {
  readonly invoke: (functionName: string, invocation: Invocation) => Promise<InvocationResult>
  readonly invokeApi: ReturnType<typeof createInvokeApi>
  /** Undefined for a function that it did not start. */
  readonly codeDirectoryOf: (functionName: string) => string | undefined
  readonly stop: () => Promise<void>
}

/** The functions of a deployment: their code unpacked, run as Lambda does, and invoked through its API. */
export const startFunctionRuntime = async (
  deployment: DeployedResources,
  { state, inFlight, unpack, environmentOf, running }: FunctionRuntimeDependencies,
): Promise<RunningFunctions> => {
  const { location, url, keyRing, identifiers, print, now } = state
  // An endpoint in the VPC, or a gateway to the outside, is not imitated.
  const isRunning = ({ name }: Pick<FunctionResource, 'name'>) => running?.names.has(name) ?? false
  const started = deployment.functions.filter((fn) => !isRunning(fn))
  const blackhole = started.some(({ vpc }) => vpc) ? await startBlackholeServer() : undefined
  const endpointFor = ({ vpc }: Pick<FunctionResource, 'vpc'>) => (vpc && blackhole ? blackhole.url : url)
  const functions = await Promise.all(
    started.map(async (fn) => ({
      ...fn,
      codeDirectory: await unpack(fn),
      environment: withLocalSnowflake(environmentOf(fn.environment), endpointFor(fn)),
    })),
  )
  const runner = createLambdaRunner({
    functions,
    region: location.region,
    credentialsFor: ({ name, arn }) => {
      const { roleArn } = functions.find((fn) => fn.name === name) ?? {}
      // The role as it is now, which may have been changed since the function was deployed.
      const role = keyRing.findRole(roleArn ?? '') ?? deployment.roles.find(({ arn }) => arn === roleArn)
      if (!role) throw new Error(`The execution role of ${name} is not in the template.`)
      // Lambda names the session after the function.
      return keyRing.startSession(role, { sessionName: name, functionArn: arn, durationSeconds: 12 * 3_600 })
    },
    endpointVariables: ({ name }) => ({
      AWS_ENDPOINT_URL: endpointFor(functions.find((fn) => fn.name === name) ?? {}),
      // Lambda has none; an SDK would otherwise read the files of the developer.
      AWS_CONFIG_FILE: devNull,
      AWS_SHARED_CREDENTIALS_FILE: devNull,
    }),
    log: ({ functionName, line }) => print(`    ${functionName} | ${line}`),
    now,
  })
  // An event is worked on when its request has been answered.
  const invoke = (functionName: string, invocation: Invocation) => {
    const { functions: runs = runner } = isRunning({ name: functionName }) ? (running ?? {}) : {}
    return inFlight.track(runs.invoke(functionName, invocation))
  }
  const invokeApi = createInvokeApi({
    functions: deployment.functions,
    region: location.region,
    accountId: location.accountId,
    policyOf: (name) => deployment.functions.find((fn) => fn.name === name)?.resourcePolicy,
    runner: { invoke },
    evaluate,
    newRequestId: identifiers.uuid,
    newTraceId: () => identifiers.traceId(now()),
    context: (request) => requestContextKeys(request, location.region, now()),
  })
  return {
    invoke,
    invokeApi,
    codeDirectoryOf: (name) => functions.find((fn) => fn.name === name)?.codeDirectory,
    stop: async () => {
      await runner.stop()
      await blackhole?.stop()
    },
  }
}

/**
 * The functions of a deployment with manual changes. Unchanged functions keep running: changing a role or
 * a method restarts no function.
 */
export const startChangedFunctions = async (
  deployment: DeployedResources,
  { code = {}, restarted = [] }: ManualChanges,
  {
    before,
    functions,
    ...needs
  }: Omit<FunctionRuntimeDependencies, 'unpack' | 'running'> & {
    readonly before: DeployedResources
    readonly functions: RunningFunctions
  },
): Promise<RunningFunctions> => {
  const names = new Set(
    deployment.functions
      .filter((fn) => !Object.hasOwn(code, fn.name) && !restarted.includes(fn.name))
      .filter((fn) => before.functions.some((one) => isDeepStrictEqual(whatRuns(one), whatRuns(fn))))
      .map(({ name }) => name),
  )
  await using made = new AsyncDisposableStack()
  const unpack = async ({ name, handler }: FunctionResource): Promise<string> => {
    const directory = functions.codeDirectoryOf(name) ?? ''
    const module = code[name]
    if (module === undefined) return directory
    const copy = await mkdtemp(join(tmpdir(), 'snowgate-'))
    made.defer(() => rm(copy, { recursive: true, force: true }))
    await cp(directory, copy, { recursive: true })
    await writeFile(join(copy, `${handler.replace(/\.[^./]*$/, '')}.cjs`), module)
    return copy
  }
  const changed = await startFunctionRuntime(deployment, { ...needs, unpack, running: { names, functions } })
  made.defer(changed.stop)
  const stopping = made.move()
  return { ...changed, stop: () => stopping.disposeAsync() }
}

/** What decides whether a function that runs is still the one that is wanted: not who may invoke it, and how often. */
const whatRuns = ({ resourcePolicy, reservedConcurrency, ...rest }: FunctionResource) => rest
