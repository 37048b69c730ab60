import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lineOf, partitionOf, readAccessMap, type Stage, serviceName, stageOf } from '../../shared/access/index.ts'
import type { Environment } from '../../shared/settings.ts'
import type { LocalStack } from '../local-stack/index.ts'
import { defaultRegion } from '../osls/index.ts'
import { type DeployedApi, deployedApi } from '../setup/index.ts'
import { awsEndpoint, awsSettings } from '../signing/index.ts'
import { localConnection, type SnowflakeConnection } from '../snowflake-connection/index.ts'
import {
  type Account,
  type CallerIdentity,
  callerIdentity,
  type DeployedStack,
  deployedStack,
  type FunctionConfiguration,
  functionConfiguration,
  functionPolicy,
  type Invoked,
  invoke,
  type Parameter,
  type PolicyDocument,
  parameter,
  type Role,
  role,
  type SavedApi,
  type ServedApi,
  savedApi,
  servedApi,
  tokenIssuer,
} from './aws/index.ts'
import { type Derived, derive } from './derived/index.ts'
import { CannotTell } from './finding.ts'
import { type Look, look } from './snowflake/index.ts'

export interface Order {
  readonly stage: string
  /** Absolute path of the access map. */
  readonly access: string
  readonly world: LocalWorld | AwsWorld
}

export interface LocalWorld {
  readonly kind: 'local'
  readonly stack: LocalStack
}

export interface AwsWorld {
  readonly kind: 'aws'
  readonly env: Environment
  readonly profile: string | undefined
  /** Absent: where serverless.yml deploys to. */
  readonly region: string | undefined
  /** Absent: nobody looks into Snowflake. */
  readonly snowflake: { readonly connection: string; readonly account: SnowflakeConnection } | undefined
}

/** Where the service is, as its ARNs say it. */
export interface Place {
  readonly partition: string
  readonly region: string
  readonly accountId: string
}

/** What the hops look at. Nothing is asked before a hop asks for it, and nothing twice. */
export interface Patient {
  readonly order: Order
  /** `access.yml`, as it is shown to people. */
  readonly mapName: string
  /** The stage of the map. Throws AccessMapError. */
  readonly map: () => Stage
  /** The line of a key of the map, from 1. */
  readonly lineOf: (path: readonly string[]) => number
  /** Throws NotDerivable. */
  readonly derived: () => Promise<Derived>
  /** The account that is looked at. Throws CommandFailure where there are no keys, or no stack. */
  readonly account: () => Promise<Account>
  /** Who STS takes the keys for, in the account's region or another. */
  readonly callerIdentity: (region?: string) => Promise<CallerIdentity>
  readonly place: () => Promise<Place>
  readonly stackName: string
  readonly stack: () => Promise<DeployedStack | undefined>
  /** Of the stack. */
  readonly restApiId: () => Promise<string>
  readonly savedApi: () => Promise<SavedApi | undefined>
  readonly servedApi: () => Promise<ServedApi | undefined>
  readonly role: (name: string) => Promise<Role | undefined>
  readonly functionConfiguration: (name: string) => Promise<FunctionConfiguration | undefined>
  readonly functionPolicy: (name: string) => Promise<PolicyDocument | undefined>
  readonly invoke: (functionName: string, event: unknown) => Promise<Invoked | undefined>
  readonly parameter: (name: string) => Promise<Parameter>
  /** As Snowflake calls it. */
  readonly deployedApi: () => Promise<DeployedApi>
  /** Of the account's web identity tokens; undefined where it hands out none. */
  readonly issuer: () => Promise<string | undefined>
  /** The account of a Snowflake caller, or of the login. Throws CannotTell where there is no connection. */
  readonly snowflake: (caller?: string) => Look
}

const root = join(import.meta.dirname, '..', '..')

export const openPatient = (order: Order, mapName: string): Patient => {
  const { stage, access, world } = order
  const stackName = `${serviceName}-${stage}`
  const map = once(() => stageOf(readAccessMap(access, mapName), stage))
  const account = once(async (): Promise<Account> => {
    if (world.kind === 'aws') {
      const { env, profile, region = defaultRegion(root) } = world
      const { keys } = await awsSettings({ env, profile })
      return { keys, region, endpoint: awsEndpoint(env) }
    }
    const { accessKeyId, secretAccessKey, sessionToken, region, endpoints } = await world.stack.identity('admin')
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) }
    return { keys, region, endpoint: endpoints.aws }
  })
  const derived = once(async () => derive({ stage, access, region: (await account()).region }))
  const askIn = onceEach(async (region: string) => callerIdentity({ ...(await account()), region }))
  const identityIn = async (region?: string) => askIn(region ?? (await account()).region)
  const place = once(async (): Promise<Place> => {
    const { region } = await account()
    const { identity } = await identityIn()
    const accountId = identity?.accountId ?? (await identityIn('us-east-1')).identity?.accountId ?? ''
    return { partition: partitionOf(region), region, accountId }
  })
  const stack = once(async () => deployedStack(await account(), stackName))
  const restApiId = once(async () => {
    const found = await stack()
    const [id = ''] =
      Object.entries(found?.template.Resources ?? {}).find(([, { Type }]) => Type === 'AWS::ApiGateway::RestApi') ?? []
    return found?.physicalIds.get(id) ?? ''
  })
  return {
    lineOf: (path) => lineOf(readFileSync(access, 'utf8'), path),
    order,
    mapName,
    map,
    derived,
    account,
    callerIdentity: identityIn,
    place,
    stackName,
    stack,
    restApiId,
    savedApi: once(async () => savedApi(await account(), await restApiId())),
    servedApi: once(async () => servedApi(await account(), await restApiId(), stage)),
    role: onceEach(async (name) => role(await account(), name)),
    functionConfiguration: onceEach(async (name) => functionConfiguration(await account(), name)),
    functionPolicy: onceEach(async (name) => functionPolicy(await account(), name)),
    invoke: async (functionName, event) => invoke(await account(), functionName, event),
    parameter: onceEach(async (name) => parameter(await account(), name)),
    deployedApi: once(async () => {
      const { region, accountId } = await place()
      return deployedApi(await restApiId(), { region, stage, accountId })
    }),
    issuer: once(async () =>
      world.kind === 'local' ? world.stack.tokenIssuer((await place()).accountId) : tokenIssuer(await account()),
    ),
    snowflake: (caller) => {
      if (world.kind === 'local') return look(localConnection(world.stack, caller))
      if (!world.snowflake) throw new CannotTell('no Snowflake connection: pass --connection <name>')
      return look(world.snowflake.account)
    },
  }
}

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const onceEach = <Value>(make: (name: string) => Value): ((name: string) => Value) => {
  const made = new Map<string, () => Value>()
  return (name) => {
    const one = made.get(name) ?? once(() => make(name))
    made.set(name, one)
    return one()
  }
}
