import { callerOf, nameOf } from './caller.ts'
import { type Grant, greatest } from './grant.ts'
import type { PrincipalName } from './principal-element.ts'
import type { AccessRequest } from './types.ts'
import { listed, together } from './wording.ts'

export interface PrincipalVerdict {
  readonly matches: boolean
  readonly because: string
  readonly grant?: Grant
}

export const matchPrincipal = (names: readonly PrincipalName[], request: AccessRequest): PrincipalVerdict => {
  const who = `principal ${nameOf(request)}`
  const grants = names.map((name) => grantOf(name, request))
  const grant = greatest(grants)
  if (grant === undefined) return { matches: false, because: `${who} is not among ${sources(names)}` }
  return { matches: true, because: `${who} is named by ${names[grants.indexOf(grant)]?.source}`, grant }
}

/**
 * NotPrincipal spares a principal only if it lists the account, the role and the session (or the account and the
 * user), and never one that has a permissions boundary.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export const matchNotPrincipal = (names: readonly PrincipalName[], request: AccessRequest): PrincipalVerdict => {
  const who = `principal ${nameOf(request)}`
  if (callerOf(request)?.permissionsBoundary) {
    return { matches: true, because: `${who} has a permissions boundary, and NotPrincipal spares nobody who has one` }
  }
  const listedKinds = names.filter((name) => grantOf(name, request)).map(({ kind }) => kind)
  const missing = listedKinds.includes('everyone') ? [] : facesOf(request).filter((face) => !listedKinds.includes(face))
  const because =
    missing.length > 0
      ? `${who} is not spared by NotPrincipal ${sources(names)}, which lacks its ${together(missing)}`
      : `${who} is spared by NotPrincipal ${sources(names)}`
  return { matches: missing.length > 0, because }
}

/** The names by which AWS looks for a principal in NotPrincipal, one after the other. */
const facesOf = ({ principal }: AccessRequest): readonly PrincipalName['kind'][] => {
  if (principal === 'anonymous') return ['everyone']
  if ('service' in principal) return ['service']
  return faces[principal.type]
}

const faces = {
  Root: ['account'],
  User: ['account', 'user'],
  AssumedRole: ['account', 'role', 'session'],
} as const

const sources = (names: readonly PrincipalName[]): string => listed(names.map(({ source }) => source))

const grantOf = (name: PrincipalName, request: AccessRequest): Grant | undefined => {
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
    case 'nobody here':
      return undefined
  }
}

const partition = (arn: string): string | undefined => arn.split(':')[1]
