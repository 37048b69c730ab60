import type { SnowflakeCaller } from '../../shared/access/index.ts'
import type { KeyPairLogin } from '../../shared/snowflake/index.ts'
import { CommandFailure } from '../command-failure.ts'
import type { World } from '../deploy/index.ts'
import type { Means } from '../keypair/index.ts'
import type { LocalStack } from '../local-stack/index.ts'
import type { ServicePackage } from '../osls/index.ts'
import { type DeployedApi, parseDeployedApi, type Way } from '../setup/index.ts'
import type { SnowflakeConnection } from '../snowflake-connection/index.ts'
import type { MapFile } from './map-file.ts'
import type { Trust } from './trust.ts'

/** What the steps look at, and do it with. */
export interface Setup {
  readonly stageName: string
  /** The Snowflake caller that is set up. */
  readonly callerName: string
  readonly ways: readonly Way[]
  readonly map: MapFile
  readonly world: World
  /** Undefined: a real AWS account. */
  readonly stack: LocalStack | undefined
  /** Undefined: a person runs the statements in a worksheet. */
  readonly snowflake: SnowflakeConnection | undefined
  readonly packageService: () => Promise<ServicePackage>
  /** Of the web identity tokens of an account. */
  readonly issuerOf: (accountId: string) => Promise<string>
  /** What somebody pastes of DESC INTEGRATION, once the script was run. */
  readonly pasted: () => Promise<Trust>
  /** Whether something was pasted with the command itself. */
  readonly isPasted: boolean
  readonly keyPairPlace: (login: KeyPairLogin) => Promise<Pick<Means, 'store' | 'tryLogin'>>
  /** What has to be added to a command so that it means the same map and stack. */
  readonly flags: { readonly access: string; readonly place: string }
  /** How long a call that is refused is made again: trust and policies take effect late. Milliseconds. */
  readonly patience: { readonly within: number; readonly every: number }
}

export const callerOf = ({ map, callerName, stageName }: Setup): SnowflakeCaller => {
  const caller = map.stage().callers.get(callerName)
  if (caller?.kind === 'snowflake') return caller
  throw new CommandFailure(`${callerName} is no longer a Snowflake caller of stage ${stageName}.`)
}

/** @throws CommandFailure while it is not deployed */
export const apiOf = async ({ world, stageName }: Setup): Promise<DeployedApi> => {
  const deployed = await world.where()
  if (deployed?.apiUrl !== undefined) return parseDeployedApi(deployed.apiUrl, deployed.accountId)
  throw new CommandFailure(`Stage ${stageName} has no API yet (${world.name}).`)
}

/** Whether the caller's functions in SQL include one that posts there. */
export const hasRoute = (setup: Setup, path: string): boolean =>
  callerOf(setup).routes.some((route) => route.method === 'POST' && route.path === path)
