import { type AccessRequest, callerOf, type Decision, type DecisionStep, type Principal } from './access-request.ts'
import { denyingStatements, evaluatePolicies, type PolicyResult } from './evaluate-policies.ts'
import { type EvaluatedPolicies, missingAllows } from './missing-allows.ts'
import { conditionContext } from './request-context.ts'
import { fixFor } from './suggested-fix.ts'

/**
 * Decides as AWS documents it and says why: every statement that speaks of the action becomes a step, whatever the
 * outcome. Reads no clock and no other state; a condition key that neither follows from the principal nor comes with the
 * request is absent. Throws a PolicyError when a policy consulted is malformed or holds what is not imitated. Service
 * and resource control policies, VPC endpoint policies and federated users are not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export const evaluate = (request: AccessRequest): Decision => {
  const caller = callerOf(request)
  if (caller && request.action.toLowerCase() === 'sts:getcalleridentity') return alwaysAllowed(caller)

  const evaluated = evaluateAllPolicies(request, caller)
  const results = [evaluated.resource, ...evaluated.principalResults]
  const steps = results.flatMap((one) => stepsOf(one, request, caller))
  const missing = missingAllows(request, evaluated)
  // Where several policy types deny, the first in the order of consultation is named.
  const denying = results.find((one) => denyingStatements(one).length > 0)?.policyType
  const deniedBy = denying ?? missing[0]
  if (deniedBy === undefined) return { allowed: true, kind: 'allow', steps }
  const kind = denying ? 'explicit deny' : 'implicit deny'
  return { allowed: false, kind, deniedBy, steps, fix: fixFor(request, evaluated, missing) }
}

const evaluateAllPolicies = (request: AccessRequest, caller: Principal | undefined): EvaluatedPolicies => {
  const { resourcePolicy, action } = request
  const input = { request, context: conditionContext(request) }
  // A role always has a trust policy: without one, no principal is trusted.
  const isTrust = resourcePolicy ? resourcePolicy.kind === 'role trust' : action.toLowerCase() === 'sts:assumerole'
  const resource = evaluatePolicies(
    isTrust ? 'role trust' : 'resource-based',
    resourcePolicy ? [resourcePolicy] : [],
    input,
  )
  if (!caller) return { resource, principalResults: [] }
  const { identityPolicies, permissionsBoundary, sessionPolicies = [] } = caller
  return {
    resource,
    principalResults: [
      evaluatePolicies('identity-based', identityPolicies, input),
      ...(permissionsBoundary ? [evaluatePolicies('permissions boundary', [permissionsBoundary], input)] : []),
      ...(sessionPolicies.length > 0 ? [evaluatePolicies('session', sessionPolicies, input)] : []),
    ],
  }
}

const stepsOf = (
  { policyType, policies, steps }: PolicyResult,
  { resource }: AccessRequest,
  caller: Principal | undefined,
): readonly DecisionStep[] => {
  if (policyType === 'identity-based' && caller?.type === 'Root') {
    const reason = 'the root user has full access to its account'
    return [{ policyType, policy: `policy of ${caller.principalArn}`, outcome: 'allows', reason }, ...steps]
  }
  if (policies.length > 0) return steps
  const owner = policyType === 'identity-based' && caller ? caller.principalArn : resource
  return [
    { policyType, policy: `policy of ${owner}`, outcome: 'is absent', reason: `${owner} has no ${policyType} policy` },
  ]
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const alwaysAllowed = ({ principalArn }: Principal): Decision => ({
  allowed: true,
  kind: 'allow',
  steps: [
    {
      policyType: 'identity-based',
      policy: `policy of ${principalArn}`,
      outcome: 'allows',
      reason: 'sts:GetCallerIdentity needs no permission, and no policy can deny it',
    },
  ],
})
