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
} from '../shared/access/index.ts'
import type { ByHand } from './by-hand.ts'
import type { DeploymentPackage } from './deployment-package.ts'
import { createGateway } from './gateway/index.ts'
import type { WireAnswer, WireRequest } from './http/index.ts'
import { validatePolicy } from './iam/index.ts'
import { impersonatedRoles } from './impersonated-roles.ts'
import { createLambdaFront } from './lambda-front.ts'
import { type PlayedFunctions, playChangedFunctions, playFunctions } from './played-functions.ts'
import { playTargets } from './played-targets.ts'
import { type Deployment, type RoleResource, readDeployment } from './template/index.ts'
import { createUnderWay } from './under-way.ts'
import type { World } from './world.ts'

/** What a deployment makes, ready to take requests. */
export interface Deployed {
  readonly deploymentPackage: DeploymentPackage
  readonly deployment: Deployment
  /** As it was before anybody changed it by hand: whoever calls goes by that. */
  readonly written: Deployment
  /** Absolute. What is there may have changed since it was read. */
  readonly accessMapPath: string
  readonly accessMap: AccessMap
  /** The stage of the map that is deployed. */
  readonly map: Stage
  /** Those of the template, and those of the targets' accounts. */
  readonly roles: readonly RoleResource[]
  /** Where the targets are played, by name. */
  readonly targets: ReadonlyMap<string, string>
  readonly gateway: (request: WireRequest) => Promise<WireAnswer>
  readonly lambda: (request: WireRequest) => Promise<WireAnswer>
  /** What was deployed, with something changed by hand. It needs what it was made of, which must not be stopped before it is. */
  readonly changedBy: (byHand: ByHand) => Promise<Deployed>
  /** Waits for the requests it has taken, and for what they left running; then stops. */
  readonly retire: () => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Takes the package over. Throws, and leaves nothing behind, when package and map cannot be played, or when they are of
 * another place or stage than the world's.
 */
export const prepareDeployment = async (
  deploymentPackage: DeploymentPackage,
  accessMapPath: string,
  world: World,
  { stageOfWorld }: { readonly stageOfWorld?: string } = {},
): Promise<Deployed> => {
  await using made = new AsyncDisposableStack()
  made.defer(deploymentPackage.dispose)
  const { place, identifiers, keyRing, journal, now } = world
  const accessMap = readAccessMap(accessMapPath)
  if (deploymentPackage.region !== place.region) throw elsewhere('region', deploymentPackage.region, place.region)
  const { template, stackName } = deploymentPackage
  const written = readDeployment(template, { place, stackName, identifiers, now: now() })
  const { stage } = written.api
  if (stageOfWorld !== undefined && stage !== stageOfWorld) throw elsewhere('stage', stage, stageOfWorld)
  const map = stageOf(accessMap, stage)
  if (!isDeepStrictEqual(written.stageDocument, JSON.parse(JSON.stringify(stageDocument(map))))) {
    throw new Error(`The package was compiled from another map than ${accessMapPath}: package the service again.`)
  }

  const roleOfFunction = (name: string) => roleArn(place.partition, place.accountId, executionRoleName(stage, name))
  const played = await playTargets(map.targets, {
    invokerRoleArn: roleOfFunction('invoke'),
    operatorArn: `arn:${place.partition}:iam::${place.accountId}:user/admin`,
    serviceAccount: place.accountId,
    findKey: keyRing.findKey,
    identifiers,
    journal,
    now,
  })
  made.defer(played.stop)
  const impersonated = impersonatedRoles(map.snowflake, roleOfFunction('snowflake-probe'))

  /** Takes over what is to be stopped with it. */
  const serve = (deployment: Deployment, { targetRoles, functions, underWay, made }: Serving): Deployed => {
    // A target that names one of the template's roles finds that role, and not one made for it; so does a login.
    const roles = [
      ...new Map([...targetRoles, ...impersonated, ...deployment.roles].map((role) => [role.arn, role])).values(),
    ]
    checkPolicies({ ...deployment, roles })
    const around = { findKey: keyRing.findKey, identifiers, journal, now }
    const gateway = createGateway({ deployment, invoke: functions.invoke, ...around })
    const lambda = createLambdaFront({ invokeApi: functions.invokeApi, region: place.region, ...around })
    const kept = made.move()
    let stopped: Promise<void> | undefined
    const stop = () => {
      stopped ??= kept.disposeAsync()
      return stopped
    }
    return {
      deploymentPackage,
      deployment,
      written,
      accessMapPath: resolve(accessMapPath),
      accessMap,
      map,
      roles,
      targets: played.urls,
      stop,
      gateway: (request) => underWay.follow(gateway(request)),
      lambda: (request) => underWay.follow(lambda(request)),
      changedBy,
      retire: async () => {
        await underWay.ended()
        await stop()
      },
    }
  }
  const changedBy = async (byHand: ByHand): Promise<Deployed> => {
    await using made = new AsyncDisposableStack()
    const deployment = byHand.deployment?.(written) ?? written
    const underWay = createUnderWay()
    const functions = await playChangedFunctions(deployment, byHand, {
      world,
      underWay,
      environmentOf: played.environmentOf,
      before: written,
      functions: asWritten,
    })
    made.defer(functions.stop)
    const targetRoles = played.roles.map((role) => byHand.targetRole?.(role) ?? role)
    return serve(deployment, { targetRoles, functions, underWay, made })
  }

  const underWay = createUnderWay()
  const asWritten = await playFunctions(written, {
    world,
    underWay,
    environmentOf: played.environmentOf,
    unpack: ({ packageFile }) => deploymentPackage.unpack(packageFile),
  })
  made.defer(asWritten.stop)
  return serve(written, { targetRoles: played.roles, functions: asWritten, underWay, made })
}

interface Serving {
  readonly targetRoles: readonly RoleResource[]
  readonly functions: PlayedFunctions
  readonly underWay: ReturnType<typeof createUnderWay>
  readonly made: AsyncDisposableStack
}

export const elsewhere = (what: 'region' | 'stage', wanted: string, played: string) =>
  new Error(`The stack plays the ${what} ${played}, and not ${wanted}: deploy that, or start another stack.`)

/** A policy that cannot be evaluated must stop the deployment, not surprise a request. */
const checkPolicies = ({ api, functions, roles }: Pick<Deployment, 'api' | 'functions' | 'roles'>): void => {
  if (api.resourcePolicy) validatePolicy(api.resourcePolicy, 'resource-based')
  for (const { resourcePolicy } of functions) if (resourcePolicy) validatePolicy(resourcePolicy, 'resource-based')
  for (const { trustPolicy, identityPolicies } of roles) {
    validatePolicy(trustPolicy, 'role trust')
    for (const policy of identityPolicies) validatePolicy(policy, 'identity-based')
  }
}
