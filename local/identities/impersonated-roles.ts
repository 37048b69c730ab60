import type { Stage } from '../../shared/access/index.ts'
import type { RoleResource } from '../deployment/deployed-resources.ts'
import type { NamedPolicy } from '../iam/index.ts'

/**
 * The roles that a login goes through by the map, one after the other: each trusts the one before it, the first one the
 * function, and none may do more than go on and, at the end, have itself attested.
 */
export const impersonatedRoles = (login: Stage['snowflake'], functionRoleArn: string): readonly RoleResource[] => {
  if (login?.login !== 'workload-identity') return []
  const { impersonate = [], webIdentityToken = false } = login
  return impersonate.map((arn, at) => {
    const [, path = '/', name = ''] = /:role(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? []
    const next = impersonate[at + 1]
    return {
      name,
      path,
      arn,
      tags: {},
      maxSessionDuration: 3_600,
      trustPolicy: policy(`trust policy of ${arn}`, {
        Principal: { AWS: impersonate[at - 1] ?? functionRoleArn },
        Action: 'sts:AssumeRole',
      }),
      identityPolicies: [
        ...(next === undefined ? [] : [policy(`next role of ${arn}`, { Action: 'sts:AssumeRole', Resource: next })]),
        ...(next === undefined && webIdentityToken
          ? [policy(`token of ${arn}`, { Action: 'sts:GetWebIdentityToken', Resource: '*' })]
          : []),
      ],
    }
  })
}

const policy = (name: string, statement: object): NamedPolicy => ({
  name,
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] },
})
