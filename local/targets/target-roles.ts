import { partsOfArn } from '../../shared/access/index.ts'
import type { NamedPolicy } from '../iam/index.ts'
import type { RoleResource } from '../template/index.ts'
import { neptuneActionsFor } from './neptune-actions.ts'
import { allowedRoutes, type Target } from './target.ts'
import { databaseArn, methodArn } from './target-account.ts'

interface Needs {
  /** Who may assume them: the function that calls the targets, and the operator who tries them by hand. */
  readonly trusted: readonly string[]
}

/** The roles of the targets' own accounts, one for each ARN: they trust who is named and may do what the map allows it. */
export const targetRoles = (targets: readonly Target[], { trusted }: Needs): readonly RoleResource[] =>
  [...Map.groupBy(targets, ({ roleArn }) => roleArn)].flatMap(([arn, sharing]) =>
    arn === undefined ? [] : [targetRole(arn, sharing, trusted)],
  )

const targetRole = (arn: string, targets: readonly Target[], trusted: readonly string[]): RoleResource => {
  const [, path = '/', name = ''] = /:role(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? []
  const externalIds = new Set(targets.map(({ externalId }) => externalId))
  return {
    name,
    path,
    arn,
    trustPolicy: policy(
      `trust policy of ${arn}`,
      [...externalIds].map((externalId) => ({
        Effect: 'Allow',
        Principal: { AWS: trusted },
        // With the source identity, the target's account sees who asked.
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        ...(externalId !== undefined && { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
      })),
    ),
    identityPolicies: targets.flatMap((target) => {
      const statements = permissions(target, partsOfArn(arn).accountId)
      return statements.length > 0 ? [policy(`policy of ${arn} for ${target.name}`, statements)] : []
    }),
    maxSessionDuration: 3_600,
    tags: {},
  }
}

const policy = (name: string, statements: readonly unknown[]): NamedPolicy => ({
  name,
  document: { Version: '2012-10-17', Statement: statements },
})

/** Where no action is known by which a service checks a call, its stand-in asks no policy. */
const permissions = (target: Target, account: string): readonly unknown[] => {
  const routes = allowedRoutes(target)
  if (target.service === 'neptune-db') {
    const actions = [...new Set(routes.flatMap(neptuneActionsFor))]
    return actions.length === 0 ? [] : [{ Effect: 'Allow', Action: actions, Resource: databaseArn(target, account) }]
  }
  if (target.service !== 'execute-api') return []
  return routes.map((route) => ({
    Effect: 'Allow',
    Action: 'execute-api:Invoke',
    Resource: methodArn(target, account, route),
  }))
}
