import { callerOf, isOfOtherAccount } from './caller.ts'
import type { AccessRequest } from './types.ts'

/**
 * What an Allow in a resource-based policy is worth in the principal's own account, from least to most: `delegated` to
 * the account, to the `role`, or `direct` to the session, to the user or to everyone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
export type Grant = 'delegated' | 'role' | 'direct'

const ascending: readonly Grant[] = ['delegated', 'role', 'direct']

export const greatest = (grants: readonly (Grant | undefined)[]): Grant | undefined =>
  ascending.findLast((grant) => grants.includes(grant))

/** What besides a Deny may still stand in the way of a grant. */
export const limitOf = (grant: Grant, request: AccessRequest): string | undefined => {
  if (!callerOf(request)) return undefined
  return isOfOtherAccount(request) ? 'the account of the principal must allow it as well' : limits[grant]
}

const limits: Readonly<Record<Grant, string>> = {
  delegated: 'a grant to the account leaves it to the identity-based policies there',
  role: 'a grant to the role is still limited by permissions boundary and session policy',
  direct: 'no other policy needs to allow it',
}
