import { callerOf, isOfOtherAccount, nameOf, ownerOf } from './caller.ts'
import { allows, type Consulted, denies, type Finding } from './consult.ts'
import type { Evidence } from './missing-allows.ts'
import type { AccessRequest, PolicyType } from './types.ts'
import { either, together } from './wording.ts'

/** What would have allowed the request: denies to narrow, values to send, statements to add, and where. */
export const remedyFor = (
  request: AccessRequest,
  { resource, own }: Evidence,
  missing: readonly PolicyType[],
): string => {
  const nearMisses: Finding[] = []
  const additions = new Set<Consulted>()
  for (const one of [resource, ...own].filter(({ policyType }) => missing.includes(policyType))) {
    const nearMiss = nearMissOf(one) ?? (missing.length === 1 ? substituteFor(one, request, resource) : undefined)
    if (nearMiss) nearMisses.push(nearMiss)
    else additions.add(one)
  }
  // Values that open a trust policy to the whole account leave it to an identity-based policy there.
  const identity = own.find(({ policyType }) => policyType === 'identity-based')
  const delegates = nearMisses.some(({ grant }) => grant === 'delegated') && !isOfOtherAccount(request)
  if (delegates && identity && allows(identity).length === 0) additions.add(identity)

  const ownAdditions = own.filter((one) => additions.has(one)).map((one) => placeOf(one, request))
  return [
    ...[resource, ...own].flatMap((one) => denies(one).map((finding) => narrowing(finding, request))),
    ...nearMisses.map(({ otherwise, where }) => `Call so that ${together(otherwise)}, as ${where} demands.`),
    ...(ownAdditions.length > 0 ? [`Add ${ownStatement(request)} to ${together(ownAdditions)}.`] : []),
    ...(additions.has(resource)
      ? [`Add ${resourceStatement(request, resource)} to ${placeOf(resource, request)}.`]
      : []),
  ].join(' ')
}

/** An Allow that only its conditions kept from applying. */
const nearMissOf = ({ findings }: Consulted): Finding | undefined =>
  findings.find(({ effect, applies, otherwise }) => effect === 'Allow' && !applies && otherwise.length > 0)

/** In one account a grant by the resource's policy can stand for the identity-based policy. */
const substituteFor = ({ policyType }: Consulted, request: AccessRequest, resource: Consulted): Finding | undefined => {
  if (policyType !== 'identity-based' || isOfOtherAccount(request)) return undefined
  const nearMiss = nearMissOf(resource)
  return nearMiss?.grant === 'delegated' ? undefined : nearMiss
}

const narrowing = ({ where, otherwise }: Finding, request: AccessRequest): string => {
  const covered = `${nameOf(request)} calling ${request.action} on ${request.resource}`
  const spared = otherwise.length > 0 ? `; it spares calls in which ${either(otherwise)}` : ''
  return `Narrow the Deny in ${where} so that it does not cover ${covered}${spared}.`
}

const ownStatement = ({ action, resource }: AccessRequest): string =>
  JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource })

const resourceStatement = ({ principal, action, resource }: AccessRequest, { policyType }: Consulted): string =>
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

const placeOf = ({ policyType, policies }: Consulted, request: AccessRequest): string => {
  if (policyType === 'session') return 'the session policy passed to AssumeRole'
  const name =
    policyType === 'identity-based'
      ? `the identity-based policies of ${callerOf(request)?.principalArn}`
      : (policies[0]?.name ?? `a new ${policyType} policy of ${request.resource}`)
  return `${name} (account ${ownerOf(policyType, request)})`
}
