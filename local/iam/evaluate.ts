import { callerOf } from './caller.ts'
import { type Consulted, consult, denies } from './consult.ts'
import { contextOf } from './context.ts'
import { type Evidence, missingAllows } from './missing-allows.ts'
import { remedyFor } from './remedy.ts'
import type { AccessRequest, Decision, Principal, Step } from './types.ts'

/**
 * Decides as AWS documents it and says why: every statement that speaks of the action becomes a step, whatever the
 * outcome. Reads no clock and asks nobody; a condition key that neither follows from the principal nor comes with the
 * request is absent. Throws a PolicyError when a policy consulted is malformed or holds what is not imitated. Service
 * and resource control policies, VPC endpoint policies and federated users are not.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export const evaluate = (request: AccessRequest): Decision => {
  const caller = callerOf(request)
  if (caller && request.action.toLowerCase() === 'sts:getcalleridentity') return alwaysAllowed(caller)

  const evidence = gather(request, caller)
  const consulted = [evidence.resource, ...evidence.own]
  const steps = consulted.flatMap((one) => stepsOf(one, request, caller))
  const missing = missingAllows(request, evidence)
  // Where several policy types deny, the first in the order of consultation is named.
  const denying = consulted.find((one) => denies(one).length > 0)?.policyType
  const deniedBy = denying ?? missing[0]
  if (deniedBy === undefined) return { allowed: true, kind: 'allow', steps }
  const kind = denying ? 'explicit deny' : 'implicit deny'
  return { allowed: false, kind, deniedBy, steps, remedy: remedyFor(request, evidence, missing) }
}

const gather = (request: AccessRequest, caller: Principal | undefined): Evidence => {
  const { resourcePolicy, action } = request
  const asked = { request, context: contextOf(request) }
  // A role always has a trust policy: where none is given, nobody is trusted.
  const isTrust = resourcePolicy ? resourcePolicy.kind === 'role trust' : action.toLowerCase() === 'sts:assumerole'
  const resource = consult(isTrust ? 'role trust' : 'resource-based', resourcePolicy ? [resourcePolicy] : [], asked)
  if (!caller) return { resource, own: [] }
  const { identityPolicies, permissionsBoundary, sessionPolicies = [] } = caller
  return {
    resource,
    own: [
      consult('identity-based', identityPolicies, asked),
      ...(permissionsBoundary ? [consult('permissions boundary', [permissionsBoundary], asked)] : []),
      ...(sessionPolicies.length > 0 ? [consult('session', sessionPolicies, asked)] : []),
    ],
  }
}

const stepsOf = (
  { policyType, policies, steps }: Consulted,
  { resource }: AccessRequest,
  caller: Principal | undefined,
): readonly Step[] => {
  if (policyType === 'identity-based' && caller?.type === 'Root') {
    const because = 'the root user has full access to its account'
    return [{ policyType, policy: `policy of ${caller.principalArn}`, outcome: 'allows', because }, ...steps]
  }
  if (policies.length > 0) return steps
  const owner = policyType === 'identity-based' && caller ? caller.principalArn : resource
  return [
    { policyType, policy: `policy of ${owner}`, outcome: 'is absent', because: `${owner} has no ${policyType} policy` },
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
      because: 'sts:GetCallerIdentity needs no permission, and no policy can deny it',
    },
  ],
})
