import {
  type AccessRequest,
  callerOf,
  isOfOtherAccount,
  type PolicyType,
  policyAccount,
  principalName,
} from './access-request.ts'
import { allowingStatements, denyingStatements, type PolicyResult, type StatementFinding } from './evaluate-policies.ts'
import type { EvaluatedPolicies } from './missing-allows.ts'
import { joinWithAnd, joinWithOr } from './policy-messages.ts'

/** What would have allowed the request: denies to narrow, values to send, statements to add, and where. */
export const fixFor = (
  request: AccessRequest,
  { resource, principalResults: own }: EvaluatedPolicies,
  missing: readonly PolicyType[],
): string => {
  const nearMisses: StatementFinding[] = []
  const additions = new Set<PolicyResult>()
  for (const one of [resource, ...own].filter(({ policyType }) => missing.includes(policyType))) {
    const nearMiss = nearMissOf(one) ?? (missing.length === 1 ? substituteFor(one, request, resource) : undefined)
    if (nearMiss) nearMisses.push(nearMiss)
    else additions.add(one)
  }
  // Values that open a trust policy to the whole account leave it to an identity-based policy there.
  const identity = own.find(({ policyType }) => policyType === 'identity-based')
  const delegates = nearMisses.some(({ grant }) => grant === 'delegated') && !isOfOtherAccount(request)
  if (delegates && identity && allowingStatements(identity).length === 0) additions.add(identity)

  const ownAdditions = own.filter((one) => additions.has(one)).map((one) => policyLocation(one, request))
  return [
    ...[resource, ...own].flatMap((one) => denyingStatements(one).map((finding) => narrowDeny(finding, request))),
    ...nearMisses.map(({ otherwise, where }) => `Call so that ${joinWithAnd(otherwise)}, as ${where} demands.`),
    ...(ownAdditions.length > 0 ? [`Add ${ownStatement(request)} to ${joinWithAnd(ownAdditions)}.`] : []),
    ...(additions.has(resource)
      ? [`Add ${resourceStatement(request, resource)} to ${policyLocation(resource, request)}.`]
      : []),
  ].join(' ')
}

/** An Allow that only its conditions kept from applying. */
const nearMissOf = ({ findings }: PolicyResult): StatementFinding | undefined =>
  findings.find(({ effect, applies, otherwise }) => effect === 'Allow' && !applies && otherwise.length > 0)

/** In one account a grant by the resource's policy can stand for the identity-based policy. */
const substituteFor = (
  { policyType }: PolicyResult,
  request: AccessRequest,
  resource: PolicyResult,
): StatementFinding | undefined => {
  if (policyType !== 'identity-based' || isOfOtherAccount(request)) return undefined
  const nearMiss = nearMissOf(resource)
  return nearMiss?.grant === 'delegated' ? undefined : nearMiss
}

const narrowDeny = ({ where, otherwise }: StatementFinding, request: AccessRequest): string => {
  const covered = `${principalName(request)} calling ${request.action} on ${request.resource}`
  const spared = otherwise.length > 0 ? `; it spares calls in which ${joinWithOr(otherwise)}` : ''
  return `Narrow the Deny in ${where} so that it does not cover ${covered}${spared}.`
}

const ownStatement = ({ action, resource }: AccessRequest): string =>
  JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource })

const resourceStatement = ({ principal, action, resource }: AccessRequest, { policyType }: PolicyResult): string =>
  JSON.stringify({
    Effect: 'Allow',
    Principal: principalElement(principal),
    Action: action,
    ...(policyType !== 'role trust' && { Resource: resource }),
  })

const principalElement = (principal: AccessRequest['principal']): unknown => {
  if (principal === 'anonymous') return { AWS: '*' }
  return 'service' in principal ? { Service: principal.service } : { AWS: principal.principalArn }
}

const policyLocation = ({ policyType, policies }: PolicyResult, request: AccessRequest): string => {
  if (policyType === 'session') return 'the session policy passed to AssumeRole'
  const name =
    policyType === 'identity-based'
      ? `the identity-based policies of ${callerOf(request)?.principalArn}`
      : (policies[0]?.name ?? `a new ${policyType} policy of ${request.resource}`)
  return `${name} (account ${policyAccount(policyType, request)})`
}
