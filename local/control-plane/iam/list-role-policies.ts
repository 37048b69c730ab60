import type { QueryOperation } from '../query-service.ts'
import { roleAsked } from './role-asked.ts'

/** All on one page. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html */
export const listRolePolicies: QueryOperation = (given, call) => {
  const { identityPolicies } = roleAsked(given, call, 'iam:ListRolePolicies')
  return { PolicyNames: identityPolicies.flatMap(({ policyName }) => policyName ?? []), IsTruncated: false }
}
