import { type AccessRequest, callerOf, isOfOtherAccount, type PolicyType, principalName } from './access-request.ts'
import {
  asStrings,
  formatList,
  formatValue,
  isObject,
  joinWithAnd,
  type PolicyPosition,
  policyErrorAt,
} from './policy-messages.ts'

/**
 * What an Allow in a resource-based policy is worth in the principal's own account, from least to most: `delegated` to
 * the account, to the `role`, or `direct` to the session, to the user or to everyone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html
 */
export type ResourceGrant = 'delegated' | 'role' | 'direct'

const grantsAscending: readonly ResourceGrant[] = ['delegated', 'role', 'direct']

export const strongestGrant = (grants: readonly (ResourceGrant | undefined)[]): ResourceGrant | undefined =>
  grantsAscending.findLast((grant) => grants.includes(grant))

/** What besides a Deny may still stand in the way of a grant. */
export const remainingLimit = (grant: ResourceGrant, request: AccessRequest): string | undefined => {
  if (!callerOf(request)) return undefined
  return isOfOtherAccount(request) ? 'the account of the principal must allow it as well' : grantLimits[grant]
}

const grantLimits: Readonly<Record<ResourceGrant, string>> = {
  delegated: 'a grant to the account leaves it to the identity-based policies there',
  role: 'a grant to the role is still limited by permissions boundary and session policy',
  direct: 'no other policy needs to allow it',
}

/** One name in Principal or NotPrincipal. */
export type PrincipalName =
  | { readonly kind: 'everyone'; readonly source: string }
  | { readonly kind: 'account'; readonly source: string; readonly accountId: string; readonly rootArn?: string }
  | { readonly kind: 'user' | 'role' | 'session' | 'service'; readonly source: string }
  /** Federated and canonical users, which the local stack does not have. */
  | { readonly kind: 'unsupported'; readonly source: string }

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export const readPrincipals = (value: unknown, kind: PolicyType, at: PolicyPosition): readonly PrincipalName[] => {
  if (value === '*') {
    if (kind === 'role trust') throw policyErrorAt(at, 'IAM takes {"AWS": "*"} in a role trust policy, not a bare "*"')
    return [{ kind: 'everyone', source: '*' }]
  }
  if (!isObject(value)) throw policyErrorAt(at, `${formatValue(value)} is neither "*" nor an object`)
  return Object.entries(value).flatMap(([type, names]) => {
    const read = readersByType.get(type)
    const position = { ...at, element: `${at.element}.${type}` }
    if (!read)
      throw policyErrorAt(
        position,
        'there is no such type of principal; there are AWS, Service, Federated, CanonicalUser',
      )
    return asStrings(names, position).map((name) => read(name, position))
  })
}

type PrincipalReader = (source: string, at: PolicyPosition) => PrincipalName

const arnForms: readonly [pattern: RegExp, kind: 'user' | 'role' | 'session' | 'unsupported'][] = [
  [/^arn:[\w-]+:iam::\d{12}:user\/[^\s]+$/, 'user'],
  [/^arn:[\w-]+:iam::\d{12}:role\/[^\s]+$/, 'role'],
  [/^arn:[\w-]+:sts::\d{12}:assumed-role\/[^\s/]+\/[^\s/]+$/, 'session'],
  [/^arn:[\w-]+:sts::\d{12}:federated-user\/[^\s]+$/, 'unsupported'],
]

const readAws: PrincipalReader = (source, at) => {
  if (source === '*') return { kind: 'everyone', source }
  if (/[*?]/.test(source)) {
    throw policyErrorAt(at, `"${source}" holds a wildcard; name "*" and narrow it with a condition on aws:PrincipalArn`)
  }
  if (/^\d{12}$/.test(source)) return { kind: 'account', source, accountId: source }
  const [, accountId] = /^arn:[\w-]+:iam::(\d{12}):root$/.exec(source) ?? []
  if (accountId !== undefined) return { kind: 'account', source, accountId, rootArn: source }
  const form = arnForms.find(([pattern]) => pattern.test(source))
  if (form) return { kind: form[1], source }
  if (/:group\//.test(source)) throw policyErrorAt(at, `"${source}" is a group, and groups are not principals`)
  if (/^A(ROA|IDA)[A-Z0-9]+$/.test(source)) {
    throw policyErrorAt(at, `"${source}" is the id of a role or user that was deleted; name the ARN of its successor`)
  }
  throw policyErrorAt(at, `"${source}" is not the ARN of an account, user, role or session, nor an account id, nor "*"`)
}

const readService: PrincipalReader = (source, at) => {
  if (/^[\w-]+(\.[\w-]+)+$/.test(source)) return { kind: 'service', source }
  throw policyErrorAt(at, `"${source}" is not the name of a service such as lambda.amazonaws.com`)
}

const readUnsupportedPrincipal: PrincipalReader = (source) => ({ kind: 'unsupported', source })

const readersByType: ReadonlyMap<string, PrincipalReader> = new Map([
  ['AWS', readAws],
  ['Service', readService],
  ['Federated', readUnsupportedPrincipal],
  ['CanonicalUser', readUnsupportedPrincipal],
])

interface PrincipalResult {
  readonly matches: boolean
  readonly reason: string
  readonly grant?: ResourceGrant
}

export const matchPrincipal = (names: readonly PrincipalName[], request: AccessRequest): PrincipalResult => {
  const subject = `principal ${principalName(request)}`
  const grants = names.map((name) => grantOf(name, request))
  const grant = strongestGrant(grants)
  if (grant === undefined) return { matches: false, reason: `${subject} is not among ${sources(names)}` }
  return { matches: true, reason: `${subject} is named by ${names[grants.indexOf(grant)]?.source}`, grant }
}

/**
 * NotPrincipal exempts a principal only if it lists the account, the role and the session (or the account and the
 * user), and never one that has a permissions boundary.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export const matchNotPrincipal = (names: readonly PrincipalName[], request: AccessRequest): PrincipalResult => {
  const subject = `principal ${principalName(request)}`
  if (callerOf(request)?.permissionsBoundary) {
    return {
      matches: true,
      reason: `${subject} has a permissions boundary, and NotPrincipal does not exempt principals with a permissions boundary`,
    }
  }
  const listedKinds = names.filter((name) => grantOf(name, request)).map(({ kind }) => kind)
  const missing = listedKinds.includes('everyone')
    ? []
    : requiredNames(request).filter((face) => !listedKinds.includes(face))
  const reason =
    missing.length > 0
      ? `${subject} is not exempted by NotPrincipal ${sources(names)}, which lacks its ${joinWithAnd(missing)}`
      : `${subject} is exempted by NotPrincipal ${sources(names)}`
  return { matches: missing.length > 0, reason }
}

/** The names by which AWS looks for a principal in NotPrincipal, one after the other. */
const requiredNames = ({ principal }: AccessRequest): readonly PrincipalName['kind'][] => {
  if (principal === 'anonymous') return ['everyone']
  if ('service' in principal) return ['service']
  return requiredNamesByType[principal.type]
}

const requiredNamesByType = {
  Root: ['account'],
  User: ['account', 'user'],
  AssumedRole: ['account', 'role', 'session'],
} as const

const sources = (names: readonly PrincipalName[]): string => formatList(names.map(({ source }) => source))

const grantOf = (name: PrincipalName, request: AccessRequest): ResourceGrant | undefined => {
  if (name.kind === 'everyone') return 'direct'
  const { principal } = request
  if (name.kind === 'service') {
    return typeof principal === 'object' && 'service' in principal && principal.service === name.source
      ? 'direct'
      : undefined
  }
  const caller = callerOf(request)
  if (!caller) return undefined
  const { type, accountId, arn, principalArn } = caller
  switch (name.kind) {
    case 'account':
      // The ARN of a root names its partition, a bare account id does not.
      return name.accountId === accountId && partition(name.rootArn ?? arn) === partition(arn) ? 'delegated' : undefined
    case 'role':
      return type === 'AssumedRole' && name.source === principalArn ? 'role' : undefined
    case 'session':
      return type === 'AssumedRole' && name.source === arn ? 'direct' : undefined
    case 'user':
      return type === 'User' && name.source === arn ? 'direct' : undefined
    case 'unsupported':
      return undefined
  }
}

const partition = (arn: string): string | undefined => arn.split(':')[1]
