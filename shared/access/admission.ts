import type { AccessMap, Caller, HttpRoute, Route, Stage } from './access-map.ts'
import { AccessMapError } from './access-map-error.ts'
import { quoted } from './wording.ts'

/** Who may assume the door role of a caller: nobody while it is shut, and nobody for a direct caller, who has none. */
export const trustedPrincipals = (caller: Caller): readonly string[] => {
  if (caller.kind === 'account') return caller.principals
  return caller.kind === 'snowflake' && caller.iamUserArn !== undefined ? [caller.iamUserArn] : []
}

/** A shut door admits nobody: Snowflake's IAM user is not known before the integration exists. */
export const isShut = (caller: Caller): boolean => caller.kind === 'snowflake' && caller.iamUserArn === undefined

/** Every route that some caller of the stage has, each once, in the order of first mention. */
export const routesOf = (stage: Pick<Stage, 'callers'>): readonly Route[] => {
  const routes = [...stage.callers.values()].flatMap((caller) => caller.routes)
  return [...new Map(routes.map((route) => [`${route.method} ${route.path}`, route])).values()]
}

export const isHttpRoute = (route: Route): route is HttpRoute => route.method !== 'INVOKE'

/**
 * The stage of that name.
 * @throws {AccessMapError} that lists the stages, when there is none of that name.
 */
export const stageOf = (map: AccessMap, name: string): Stage => {
  const stage = map.get(name)
  if (stage) return stage
  throw new AccessMapError(`the trust map has no stage ${quoted(name)}: its stages are ${[...map.keys()].join(', ')}`)
}
