import { type AccessRequest, callerOf, isOfOtherAccount, type PolicyType } from './access-request.ts'
import { allowingStatements, type PolicyResult } from './evaluate-policies.ts'
import { strongestGrant } from './principal-element.ts'

/** What all policies of a request say. */
export interface EvaluatedPolicies {
  /** The resource's own policy, or the role's trust policy. */
  readonly resource: PolicyResult
  /** Identity-based policies, then permissions boundary and session policies where there are any. */
  readonly principalResults: readonly PolicyResult[]
}

/**
 * The policy types that would have to allow and do not; none when nothing but a Deny can stop the request. The first
 * is the one to name to the caller. Where several are missing, AWS documents that it names one and not which; taken
 * here: the caller's own side, which decides first, then the resource's; but the role trust policy before all, since
 * without it nothing else lets anybody in.
 *
 * In one account: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 * Across accounts: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export const missingAllows = (
  request: AccessRequest,
  { resource, principalResults: own }: EvaluatedPolicies,
): readonly PolicyType[] => {
  const { policyType } = resource
  const isTrust = policyType === 'role trust'
  const grant = strongestGrant(allowingStatements(resource).map((finding) => finding.grant))
  const caller = callerOf(request)
  // No account answers for anonymous callers and for services.
  if (!caller) return grant ? [] : [policyType]

  const silent = own.filter((one) => allowingStatements(one).length === 0).map((one) => one.policyType)
  // By default the root user has full access to its account.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
  const missing = caller.type === 'Root' ? silent.filter((type) => type !== 'identity-based') : silent
  const limits = missing.filter((type) => type !== 'identity-based')

  if (isOfOtherAccount(request)) {
    if (grant) return missing
    return isTrust ? [policyType, ...missing] : [...missing, policyType]
  }
  // A trust policy always has to match; once it names the caller itself, identity-based policies need not.
  if (isTrust && !grant) return [policyType, ...limits]
  return { delegated: missing, role: limits, direct: [] }[grant ?? 'delegated']
}
