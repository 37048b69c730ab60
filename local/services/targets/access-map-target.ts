import { parseArn, partitionOf } from '../../../shared/access/index.ts'
import type { Target as TargetOfMap } from '../../../shared/access/targets/index.ts'

/** A target of the trust map, with its name. */
export interface NamedTarget extends TargetOfMap {
  readonly name: string
}

/** A route that the map allows; `*` in its path stands for any characters, as in policies. */
export interface AllowedRoute {
  readonly method: string
  readonly path: string
}

export const allowedRoutes = ({ allow }: NamedTarget): readonly AllowedRoute[] =>
  allow.map((rule) => {
    const [method = '', path = ''] = rule.split(' ')
    return { method, path: path.replace(/\{[^/]*\}/g, '*') }
  })

/** Where an API stands that a function calls without a role in between. */
const accountWithoutRole = '777777777777'

/**
 * The account a target stands in: that of its role. Without a role it is the service's own, as Neptune has no resource policy
 * to let another account in; an API has, and then stands in an account of its own.
 */
export const targetAccount = ({ roleArn, service }: NamedTarget, serviceAccount: string): string => {
  if (roleArn !== undefined) return parseArn(roleArn).accountId
  return service === 'execute-api' ? accountWithoutRole : serviceAccount
}

/** Ids that AWS would draw follow from the target's name, so that roles and stand-ins agree on them. */
const derivedId = ({ name }: NamedTarget): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/**
 * What policies for Neptune name. https://docs.aws.amazon.com/neptune/latest/userguide/iam-data-resources.html ; its last part:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonneptune.html
 */
export const databaseArn = (target: NamedTarget, accountId: string): string =>
  `arn:${partitionOf(target.region)}:neptune-db:${target.region}:${accountId}:cluster-${derivedId(target).toUpperCase()}/database`

/** Of the URL's host, `<id>.execute-api.<region>.amazonaws.com`; behind a custom domain there is none to see. */
export const apiId = (target: NamedTarget): string =>
  /^([a-z0-9]+)\.execute-api\./.exec(new URL(target.url).hostname)?.[1] ?? derivedId(target)

/** What is called at the API itself: the path of the URL stands in front. Its first segment is the stage. */
const stageAndPath = ({ url }: NamedTarget, path: string): readonly [stage: string, path: string] => {
  const [, stage = '', ...rest] = `${new URL(url).pathname.replace(/\/$/, '')}${path}`.split('/')
  return [stage, `/${rest.join('/')}`]
}

/** Undefined where the routes of a target do not name one stage. */
export const apiStage = (target: NamedTarget): string | undefined => {
  const stages = new Set(allowedRoutes(target).map(({ path }) => stageAndPath(target, path)[0]))
  const [stage = ''] = stages
  return stages.size === 1 && /^[\w-]+$/.test(stage) ? stage : undefined
}

export const methodArn = (target: NamedTarget, accountId: string, { method, path }: AllowedRoute): string => {
  const [stage, below] = stageAndPath(target, path)
  return `arn:${partitionOf(target.region)}:execute-api:${target.region}:${accountId}:${apiId(target)}/${stage}/${method}${below}`
}
