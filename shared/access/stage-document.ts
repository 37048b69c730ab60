import type { SnowflakeLogin } from '../snowflake/index.ts'
import type { Caller, Stage } from './access-map.ts'
import { routeText } from './routes.ts'
import type { Target } from './targets/index.ts'

/** A stage as plain JSON, with the keys of the access map and all defaults, stored in the deployed template. */
export interface StageDocument {
  readonly callers: Readonly<Record<string, CallerDocument>>
  readonly targets: Readonly<Record<string, Target>>
  readonly snowflake?: SnowflakeLogin
}

export interface CallerDocument {
  readonly iamUserArn?: string
  readonly principals?: readonly string[]
  readonly direct?: true
  readonly externalIds?: readonly string[]
  /** `POST /hello` */
  readonly routes: readonly string[]
}

export const stageDocument = ({ callers, targets, snowflake }: Stage): StageDocument => ({
  callers: Object.fromEntries([...callers].map(([name, caller]) => [name, callerDocument(caller)])),
  targets: Object.fromEntries(targets),
  ...(snowflake && { snowflake }),
})

const callerDocument = (caller: Caller): CallerDocument => {
  const routes = caller.routes.map(routeText)
  if (caller.kind === 'direct') return { principals: caller.principals, direct: true, routes }
  const { externalIds } = caller
  const trustedIds = externalIds.length > 0 && { externalIds }
  if (caller.kind === 'account') return { principals: caller.principals, ...trustedIds, routes }
  return { ...(caller.iamUserArn !== undefined && { iamUserArn: caller.iamUserArn }), ...trustedIds, routes }
}

/** The key in a template's Metadata with the stage document that the template was compiled from. */
export const stageDocumentKey = 'SnowgateStage'
