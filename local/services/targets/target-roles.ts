import { parseArn } from '../../../shared/access/index.ts'
import type { RoleResource } from '../../deployment/deployed-resources.ts'
import type { NamedPolicy } from '../../iam/index.ts'
import { allowedRoutes, databaseArn, methodArn, type NamedTarget } from './access-map-target.ts'
import { neptuneActionsFor } from './neptune-operations.ts'

interface TargetRoleTrust {
  /** Who may assume them: the function that calls the targets, and the operator who tests them. */
  readonly trustedArns: readonly string[]
}

/** The roles of the targets' own accounts, one for each ARN: they trust who is named and may do what the map allows it. */
export const targetRoles = (
  targets: readonly NamedTarget[],
  { trustedArns }: TargetRoleTrust,
): readonly RoleResource[] =>
  [...Map.groupBy(targets, ({ roleArn }) => roleArn)].flatMap(([arn, sharing]) =>
    arn === undefined ? [] : [targetRole(arn, sharing, trustedArns)],
  )

const targetRole = (arn: string, targets: readonly NamedTarget[], trustedArns: readonly string[]): RoleResource => {
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
        Principal: { AWS: trustedArns },
        // With the source identity, the target's account sees who asked.
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        ...(externalId !== undefined && { Condition: { StringEquals: { 'sts:ExternalId': externalId } } }),
      })),
    ),
    identityPolicies: targets.flatMap((target) => {
      const statements = permissions(target, parseArn(arn).accountId)
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
const permissions = (target: NamedTarget, account: string): readonly unknown[] => {
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
