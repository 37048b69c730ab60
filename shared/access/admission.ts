import type { AccessMap, Caller, HttpRoute, Route, Stage } from './access-map.ts'
import { AccessMapError } from './access-map-error.ts'
import { quoted } from './wording.ts'

/** The principals that may assume the caller role: none while the caller is pending, and none for a direct caller. */
export const trustedPrincipals = (caller: Caller): readonly string[] => {
  if (caller.kind === 'account') return caller.principals
  return caller.kind === 'snowflake' && caller.iamUserArn !== undefined ? [caller.iamUserArn] : []
}

/** Whether the caller role cannot be assumed yet: Snowflake's IAM user is unknown until the integration exists. */
export const isShut = (caller: Caller): boolean => caller.kind === 'snowflake' && caller.iamUserArn === undefined

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
  throw new AccessMapError(`the access map has no stage ${quoted(name)}: its stages are ${[...map.keys()].join(', ')}`)
}
