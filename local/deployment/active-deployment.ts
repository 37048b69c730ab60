import { resolve } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import {
  type AccessMap,
  executionRoleName,
  readAccessMap,
  roleArn,
  type Stage,
  stageDocument,
  stageOf,
} from '../../shared/access/index.ts'
import type { WireRequest, WireResponse } from '../http.ts'
import { validatePolicy } from '../iam/index.ts'
import { impersonatedRoles } from '../identities/index.ts'
import { createExecuteApi } from '../services/apigateway/index.ts'
import { createLambdaEndpoint } from '../services/lambda/index.ts'
import { startTargets } from '../services/targets/index.ts'
import type { StackState } from '../state.ts'
import type { DeployedResources, RoleResource } from './deployed-resources.ts'
import type { DeploymentPackage } from './deployment-package.ts'
import { type RunningFunctions, startChangedFunctions, startFunctionRuntime } from './function-runtime.ts'
import { createInFlightTracker } from './in-flight.ts'
import type { ManualChanges } from './manual-drift.ts'
import { readTemplate } from './read-template.ts'

/** A deployment that is ready to take requests. */
export interface ActiveDeployment {
  readonly deploymentPackage: DeploymentPackage
  readonly deployment: DeployedResources
  /** The deployment without manual changes; local identities are derived from it. */
  readonly withoutDrift: DeployedResources
  /** Absolute. What is there may have changed since it was read. */
  readonly accessMapPath: string
  readonly accessMap: AccessMap
  /** The stage of the map that is deployed. */
  readonly accessStage: Stage
  /** Those of the template, and those of the targets' accounts. */
  readonly roles: readonly RoleResource[]
  /** URLs of the local servers of targets, by name. */
  readonly targets: ReadonlyMap<string, string>
  readonly gateway: (request: WireRequest) => Promise<WireResponse>
  readonly lambda: (request: WireRequest) => Promise<WireResponse>
  /** The deployment with manual changes. It uses resources of this one, which must be stopped after it. */
  readonly changedBy: (manualChanges: ManualChanges) => Promise<ActiveDeployment>
  /** Waits for its requests and their asynchronous work; then stops. */
  readonly retire: () => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Takes the package over. Throws, and leaves nothing behind, when package or access map are not supported, or belong to
 * another region or stage than the stack's.
 */
export const prepareDeployment = async (
  deploymentPackage: DeploymentPackage,
  accessMapPath: string,
  state: StackState,
  { expectedStage }: { readonly expectedStage?: string } = {},
): Promise<ActiveDeployment> => {
  await using resources = new AsyncDisposableStack()
  resources.defer(deploymentPackage.dispose)
  const { location, identifiers, keyRing, journal, now } = state
  const accessMap = readAccessMap(accessMapPath)
  if (deploymentPackage.region !== location.region)
    throw stackMismatchError('region', deploymentPackage.region, location.region)
  const { template, stackName } = deploymentPackage
  const written = readTemplate(template, { location, stackName, identifiers, now: now() })
  const { stage } = written.api
  if (expectedStage !== undefined && stage !== expectedStage) throw stackMismatchError('stage', stage, expectedStage)
  const map = stageOf(accessMap, stage)
  if (!isDeepStrictEqual(written.stageDocument, JSON.parse(JSON.stringify(stageDocument(map))))) {
    throw new Error(`The package was compiled from another map than ${accessMapPath}: package the service again.`)
  }

  const roleOfFunction = (name: string) =>
    roleArn(location.partition, location.accountId, executionRoleName(stage, name))
  const targetServers = await startTargets(map.targets, {
    invokerRoleArn: roleOfFunction('invoke'),
    operatorArn: `arn:${location.partition}:iam::${location.accountId}:user/admin`,
    serviceAccount: location.accountId,
    findKey: keyRing.findKey,
    identifiers,
    journal,
    now,
  })
  resources.defer(targetServers.stop)
  const impersonated = impersonatedRoles(map.snowflake, roleOfFunction('snowflake-probe'))

  /** Takes over what is to be stopped with it. */
  const serve = (
    deployment: DeployedResources,
    { targetRoles, functions, inFlight, resources }: Serving,
  ): ActiveDeployment => {
    // A target that names one of the template's roles finds that role, and not one made for it; so does a login.
    const roles = [
      ...new Map([...targetRoles, ...impersonated, ...deployment.roles].map((role) => [role.arn, role])).values(),
    ]
    checkPolicies({ ...deployment, roles })
    const endpointDependencies = { findKey: keyRing.findKey, identifiers, journal, now }
    const gateway = createExecuteApi({ deployment, invoke: functions.invoke, ...endpointDependencies })
    const lambda = createLambdaEndpoint({
      invokeApi: functions.invokeApi,
      region: location.region,
      ...endpointDependencies,
    })
    const ownedResources = resources.move()
    let stopped: Promise<void> | undefined
    const stop = () => {
      stopped ??= ownedResources.disposeAsync()
      return stopped
    }
    return {
      deploymentPackage,
      deployment,
      withoutDrift: written,
      accessMapPath: resolve(accessMapPath),
      accessMap,
      accessStage: map,
      roles,
      targets: targetServers.urls,
      stop,
      gateway: (request) => inFlight.track(gateway(request)),
      lambda: (request) => inFlight.track(lambda(request)),
      changedBy,
      retire: async () => {
        await inFlight.drained()
        await stop()
      },
    }
  }
  const changedBy = async (manualChanges: ManualChanges): Promise<ActiveDeployment> => {
    await using resources = new AsyncDisposableStack()
    const deployment = manualChanges.deployment?.(written) ?? written
    const inFlight = createInFlightTracker()
    const functions = await startChangedFunctions(deployment, manualChanges, {
      state,
      inFlight,
      environmentOf: targetServers.environmentOf,
      before: written,
      functions: asWritten,
    })
    resources.defer(functions.stop)
    const targetRoles = targetServers.roles.map((role) => manualChanges.targetRole?.(role) ?? role)
    return serve(deployment, { targetRoles, functions, inFlight, resources })
  }

  const inFlight = createInFlightTracker()
  const asWritten = await startFunctionRuntime(written, {
    state,
    inFlight,
    environmentOf: targetServers.environmentOf,
    unpack: ({ packageFile }) => deploymentPackage.unpack(packageFile),
  })
  resources.defer(asWritten.stop)
  return serve(written, { targetRoles: targetServers.roles, functions: asWritten, inFlight, resources })
}

interface Serving {
  readonly targetRoles: readonly RoleResource[]
  readonly functions: RunningFunctions
  readonly inFlight: ReturnType<typeof createInFlightTracker>
  readonly resources: AsyncDisposableStack
}

export const stackMismatchError = (setting: 'region' | 'stage', requested: string, running: string) =>
  new Error(
    `The stack runs ${setting} ${running}, not ${requested}. Deploy ${setting} ${running}, or start another stack.`,
  )

/** A policy that cannot be evaluated must stop the deployment, not surprise a request. */
const checkPolicies = ({ api, functions, roles }: Pick<DeployedResources, 'api' | 'functions' | 'roles'>): void => {
  if (api.resourcePolicy) validatePolicy(api.resourcePolicy, 'resource-based')
  for (const { resourcePolicy } of functions) if (resourcePolicy) validatePolicy(resourcePolicy, 'resource-based')
  for (const { trustPolicy, identityPolicies } of roles) {
    validatePolicy(trustPolicy, 'role trust')
    for (const policy of identityPolicies) validatePolicy(policy, 'identity-based')
  }
}
