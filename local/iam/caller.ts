import type { AccessRequest, PolicyType, Principal } from './types.ts'

/** Whoever has an account and policies of its own; undefined for anonymous callers and for services. */
export const callerOf = ({ principal }: AccessRequest): Principal | undefined =>
  principal === 'anonymous' || 'service' in principal ? undefined : principal

export const isOfOtherAccount = (request: AccessRequest): boolean => {
  const caller = callerOf(request)
  return caller !== undefined && caller.accountId !== request.resourceAccount
}

/** The principal as a sentence calls it. */
export const nameOf = ({ principal }: AccessRequest): string => {
  if (principal === 'anonymous') return 'anonymous'
  if ('service' in principal) return principal.service
  return principal.type === 'AssumedRole' ? `${principal.arn} (role ${principal.principalArn})` : principal.arn
}

/** The account in which a policy of the type stands. */
export const ownerOf = (policyType: PolicyType, request: AccessRequest): string | undefined =>
  policyType === 'resource-based' || policyType === 'role trust'
    ? request.resourceAccount
    : callerOf(request)?.accountId
