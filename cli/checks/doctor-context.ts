import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lineOf, partitionOf, readAccessMap, type Stage, serviceName, stageOf } from '../../shared/access/index.ts'
import type { Environment } from '../../shared/aws/lambda-environment.ts'
import type { AwsAccount } from '../aws/aws-client.ts'
import { awsEndpoint, awsSettings } from '../aws/aws-settings.ts'
import { type CallerIdentity, callerIdentity } from '../aws/caller-identity.ts'
import { type DeployedStack, getDeployedStack } from '../aws/deployed-stack.ts'
import { getRole, type IamRole, tokenIssuer } from '../aws/iam.ts'
import {
  type FunctionConfiguration,
  functionConfiguration,
  functionPolicy,
  type InvokeResult,
  invokeFunction,
} from '../aws/lambda-function.ts'
import type { PolicyDocument } from '../aws/policy-document.ts'
import { type DeployedApiStage, getDeployedApiStage, getRestApi, type RestApi } from '../aws/rest-api.ts'
import { getParameter, type SsmParameter } from '../aws/ssm-parameter.ts'
import { InconclusiveError } from '../command-failure.ts'
import { type DeployedApi, deployedApi } from '../deploy/deployed-api.ts'
import type { LocalStackClient } from '../local-stack/local-stack-client.ts'
import { defaultRegion } from '../osls/default-region.ts'
import { createLocalConnection } from '../snowflake/local-connection.ts'
import type { SnowflakeConnection } from '../snowflake/snowflake-connection.ts'
import { createSnowflakeReader, type SnowflakeReader } from '../snowflake/snowflake-reader.ts'
import { type Derived, derive } from './derived-template.ts'

export interface DoctorOptions {
  readonly stage: string
  /** Absolute path of the access map. */
  readonly access: string
  readonly backend: LocalBackend | AwsBackend
}

export interface LocalBackend {
  readonly kind: 'local'
  readonly stack: LocalStackClient
}

export interface AwsBackend {
  readonly kind: 'aws'
  readonly env: Environment
  readonly profile: string | undefined
  /** Absent: the region of serverless.yml. */
  readonly region: string | undefined
  /** Absent: the Snowflake checks are skipped. */
  readonly snowflake: { readonly connection: string; readonly account: SnowflakeConnection } | undefined
}

/** The parts of the service's ARNs. */
export interface AwsLocation {
  readonly partition: string
  readonly region: string
  readonly accountId: string
}

/** Everything that checks read. Each value is read when a check first needs it, and only once. */
export interface DoctorContext {
  readonly options: DoctorOptions
  /** `access.yml`, or its path, as printed. */
  readonly mapName: string
  /** The stage of the map. Throws AccessMapError. */
  readonly map: () => Stage
  /** The line of a key of the map, from 1. */
  readonly lineOf: (path: readonly string[]) => number
  /** Throws NotDerivable. */
  readonly derived: () => Promise<Derived>
  /** The checked account. Throws CommandFailure without keys or without a stack. */
  readonly account: () => Promise<AwsAccount>
  /** GetCallerIdentity in the account's region, or in another one. */
  readonly callerIdentity: (region?: string) => Promise<CallerIdentity>
  readonly location: () => Promise<AwsLocation>
  readonly stackName: string
  readonly stack: () => Promise<DeployedStack | undefined>
  /** Of the stack. */
  readonly restApiId: () => Promise<string>
  readonly savedApi: () => Promise<RestApi | undefined>
  readonly servedApi: () => Promise<DeployedApiStage | undefined>
  readonly role: (name: string) => Promise<IamRole | undefined>
  readonly functionConfiguration: (name: string) => Promise<FunctionConfiguration | undefined>
  readonly functionPolicy: (name: string) => Promise<PolicyDocument | undefined>
  readonly invoke: (functionName: string, event: unknown) => Promise<InvokeResult | undefined>
  readonly parameter: (name: string) => Promise<SsmParameter>
  /** The API as Snowflake calls it. */
  readonly deployedApi: () => Promise<DeployedApi>
  /** Issuer of the account's web identity tokens; undefined if the account has none. */
  readonly issuer: () => Promise<string | undefined>
  /** The account of a Snowflake caller, or of the login. Throws InconclusiveError without a connection. */
  readonly snowflakeReader: (caller?: string) => SnowflakeReader
}

const root = join(import.meta.dirname, '..', '..')

export const createDoctorContext = (options: DoctorOptions, mapName: string): DoctorContext => {
  const { stage, access, backend } = options
  const stackName = `${serviceName}-${stage}`
  const map = memoize(() => stageOf(readAccessMap(access, mapName), stage))
  const account = memoize(async (): Promise<AwsAccount> => {
    if (backend.kind === 'aws') {
      const { env, profile, region = defaultRegion(root) } = backend
      const { keys } = await awsSettings({ env, profile })
      return { keys, region, endpoint: awsEndpoint(env) }
    }
    const { accessKeyId, secretAccessKey, sessionToken, region, endpoints } = await backend.stack.identity('admin')
    const keys = { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) }
    return { keys, region, endpoint: endpoints.aws }
  })
  const derived = memoize(async () => derive({ stage, access, region: (await account()).region }))
  const identityByRegion = memoizeByName(async (region: string) => callerIdentity({ ...(await account()), region }))
  const identityIn = async (region?: string) => identityByRegion(region ?? (await account()).region)
  const location = memoize(async (): Promise<AwsLocation> => {
    const { region } = await account()
    const { identity } = await identityIn()
    const accountId = identity?.accountId ?? (await identityIn('us-east-1')).identity?.accountId ?? ''
    return { partition: partitionOf(region), region, accountId }
  })
  const stack = memoize(async () => getDeployedStack(await account(), stackName))
  const restApiId = memoize(async () => {
    const found = await stack()
    const [id = ''] =
      Object.entries(found?.template.Resources ?? {}).find(([, { Type }]) => Type === 'AWS::ApiGateway::RestApi') ?? []
    return found?.physicalIds.get(id) ?? ''
  })
  return {
    lineOf: (path) => lineOf(readFileSync(access, 'utf8'), path),
    options,
    mapName,
    map,
    derived,
    account,
    callerIdentity: identityIn,
    location,
    stackName,
    stack,
    restApiId,
    savedApi: memoize(async () => getRestApi(await account(), await restApiId())),
    servedApi: memoize(async () => getDeployedApiStage(await account(), await restApiId(), stage)),
    role: memoizeByName(async (name) => getRole(await account(), name)),
    functionConfiguration: memoizeByName(async (name) => functionConfiguration(await account(), name)),
    functionPolicy: memoizeByName(async (name) => functionPolicy(await account(), name)),
    invoke: async (functionName, event) => invokeFunction(await account(), functionName, event),
    parameter: memoizeByName(async (name) => getParameter(await account(), name)),
    deployedApi: memoize(async () => {
      const { region, accountId } = await location()
      return deployedApi(await restApiId(), { region, stage, accountId })
    }),
    issuer: memoize(async () =>
      backend.kind === 'local' ? backend.stack.tokenIssuer((await location()).accountId) : tokenIssuer(await account()),
    ),
    snowflakeReader: (caller) => {
      if (backend.kind === 'local') return createSnowflakeReader(createLocalConnection(backend.stack, caller))
      if (!backend.snowflake) throw new InconclusiveError('no Snowflake connection: pass --connection <name>')
      return createSnowflakeReader(backend.snowflake.account)
    },
  }
}

const memoize = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const memoizeByName = <Value>(make: (name: string) => Value): ((name: string) => Value) => {
  const made = new Map<string, () => Value>()
  return (name) => {
    const one = made.get(name) ?? memoize(() => make(name))
    made.set(name, one)
    return one()
  }
}
