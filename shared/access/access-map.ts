import type { SnowflakeLogin } from '../snowflake/index.ts'
import { AccessMapError } from './access-map-error.ts'
import { quoteValue } from './expected-value.ts'
import type { Target } from './targets/index.ts'

/** The access map: inbound callers and outbound targets of each stage. Keys are user input, so all levels are Maps. */
export type AccessMap = ReadonlyMap<string, Stage>

export interface Stage {
  readonly callers: ReadonlyMap<string, Caller>
  /** Empty: no outbound calls. */
  readonly targets: ReadonlyMap<string, Target>
  /** Absent: the service does not log in to Snowflake. */
  readonly snowflake?: SnowflakeLogin
}

export type Caller = SnowflakeCaller | AccountCaller | DirectCaller

/** Snowflake's IAM user assumes a caller role. Without that user's ARN, known only after setup, the caller is pending. */
export interface SnowflakeCaller {
  readonly kind: 'snowflake'
  readonly iamUserArn?: string
  /** One for each integration that uses the caller role; never empty if `iamUserArn` is set. */
  readonly externalIds: readonly string[]
  readonly routes: readonly Route[]
}

/** Roles and users of AWS accounts assume a caller role. */
export interface AccountCaller {
  readonly kind: 'account'
  readonly principals: readonly string[]
  /** Empty: the trust policy requires none. */
  readonly externalIds: readonly string[]
  readonly routes: readonly Route[]
}

/** Roles and users sign with their own credentials, without a caller role. */
export interface DirectCaller {
  readonly kind: 'direct'
  readonly principals: readonly string[]
  readonly routes: readonly Route[]
}

export type HttpMethod = 'GET' | 'PUT' | 'POST'

/** `INVOKE` is not an HTTP method: it is `lambda:InvokeFunction` on the function behind the path. */
export interface Route {
  readonly method: HttpMethod | 'INVOKE'
  /** `/hello`, without the stage. */
  readonly path: string
  readonly functionName: string
  /** Snowflake batches may take longer than API Gateway's timeout: POST returns 202, and GET polls for the result. */
  readonly asynchronous?: true
}

export interface HttpRoute extends Route {
  readonly method: HttpMethod
}

/** The principals that may assume the caller role: none while the caller is pending, and none for a direct caller. */
export const trustedPrincipals = (caller: Caller): readonly string[] => {
  if (caller.kind === 'account') return caller.principals
  return caller.kind === 'snowflake' && caller.iamUserArn !== undefined ? [caller.iamUserArn] : []
}

/** Whether the caller role cannot be assumed yet: Snowflake's IAM user is unknown until the integration exists. */
export const isPending = (caller: Caller): boolean => caller.kind === 'snowflake' && caller.iamUserArn === undefined

/** Every route of the stage's callers, without duplicates, in order of first appearance. */
export const routesOf = (stage: Pick<Stage, 'callers'>): readonly Route[] => {
  const routes = [...stage.callers.values()].flatMap((caller) => caller.routes)
  return [...new Map(routes.map((route) => [`${route.method} ${route.path}`, route])).values()]
}

export const isHttpRoute = (route: Route): route is HttpRoute => route.method !== 'INVOKE'

/**
 * The stage with this name.
 * @throws {AccessMapError} that lists the stages, if it does not exist.
 */
export const stageOf = (map: AccessMap, name: string): Stage => {
  const stage = map.get(name)
  if (stage) return stage
  throw new AccessMapError(
    `the access map has no stage ${quoteValue(name)}: its stages are ${[...map.keys()].join(', ')}`,
  )
}
