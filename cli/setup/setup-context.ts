import type { SnowflakeCaller } from '../../shared/access/index.ts'
import type { KeyPairLogin } from '../../shared/snowflake/index.ts'
import { CommandFailure } from '../command-failure.ts'
import type { DeployTarget } from '../deploy/deploy-target.ts'
import { type DeployedApi, parseDeployedApi } from '../deploy/deployed-api.ts'
import type { KeypairContext } from '../keypair/keypair-context.ts'
import type { LocalStackClient } from '../local-stack/local-stack-client.ts'
import type { ServicePackage } from '../osls/package-service.ts'
import type { SnowflakeConnection } from '../snowflake/snowflake-connection.ts'
import type { AccessMapFile } from './access-map-file.ts'
import type { ConnectionMethod } from './caller-script.ts'
import type { CallerTrust } from './edit-trust.ts'

/** Everything that the steps read and use. */
export interface SetupContext {
  readonly stageName: string
  /** The Snowflake caller that is set up. */
  readonly callerName: string
  readonly methods: readonly ConnectionMethod[]
  readonly map: AccessMapFile
  readonly target: DeployTarget
  /** Undefined: a real AWS account. */
  readonly stack: LocalStackClient | undefined
  /** Undefined: the user runs the statements in a worksheet. */
  readonly snowflake: SnowflakeConnection | undefined
  readonly packageService: () => Promise<ServicePackage>
  /** The issuer of an account's web identity tokens. */
  readonly issuerOf: (accountId: string) => Promise<string>
  /** The trust in the pasted output of DESC INTEGRATION. */
  readonly readPastedTrust: () => Promise<CallerTrust>
  /** Whether --desc has the output. */
  readonly hasPastedTrust: boolean
  readonly keypairBackend: (login: KeyPairLogin) => Promise<Pick<KeypairContext, 'store' | 'tryLogin'>>
  /** The flags that repeat the map and the backend in another command. */
  readonly flags: { readonly access: string; readonly backend: string }
  /** How long a rejected call is retried, in milliseconds: trust and policies take effect with a delay. */
  readonly retry: { readonly timeoutMs: number; readonly intervalMs: number }
}

export const snowflakeCallerOf = ({ map, callerName, stageName }: SetupContext): SnowflakeCaller => {
  const caller = map.stage().callers.get(callerName)
  if (caller?.kind === 'snowflake') return caller
  throw new CommandFailure(`${callerName} is no longer a Snowflake caller of stage ${stageName}.`)
}

/** @throws CommandFailure if the stage has no API */
export const deployedApiOf = async ({ target, stageName }: SetupContext): Promise<DeployedApi> => {
  const deployed = await target.deployedService()
  if (deployed?.apiUrl !== undefined) return parseDeployedApi(deployed.apiUrl, deployed.accountId)
  throw new CommandFailure(`Stage ${stageName} has no API yet (${target.name}).`)
}

/** Whether the caller's functions in SQL include one that posts there. */
export const hasRoute = (setup: SetupContext, path: string): boolean =>
  snowflakeCallerOf(setup).routes.some((route) => route.method === 'POST' && route.path === path)
