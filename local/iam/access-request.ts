/**
 * The vocabulary of policy evaluation: who asks, with which policies, and what was decided.
 * The rules these types serve are those of
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

/** A policy with the name a person finds it by, such as `snowgate-dev-analytics/routes` or `resource policy of the API`. */
export interface NamedPolicy {
  readonly name: string
  /** The policy document as JSON value: parsed, not yet validated. */
  readonly document: unknown
}

/** The caller that signed a request: an IAM user or a role session, with everything that limits it. */
export interface Principal {
  readonly type: 'User' | 'AssumedRole' | 'Root'
  readonly accountId: string
  /** The caller ARN: `arn:aws:iam::…:user/path/name`, `arn:aws:sts::…:assumed-role/Role/session` (no role path), `…:root`. */
  readonly arn: string
  /** `aws:PrincipalArn`: the user ARN, or the role ARN with its path (never the session ARN). */
  readonly principalArn: string
  /** `aws:userid`: `AIDA…` or `AROA…:session`. */
  readonly userId: string
  readonly identityPolicies: readonly NamedPolicy[]
  readonly permissionsBoundary?: NamedPolicy
  /** Present when AssumeRole passed any: they only take away. */
  readonly sessionPolicies?: readonly NamedPolicy[]
  /** `aws:PrincipalTag/*`: role or user tags with session tags laid over them. */
  readonly tags?: Readonly<Record<string, string>>
  readonly sourceIdentity?: string
  /** When the temporary credentials were issued (`aws:TokenIssueTime`); absent for long-term keys. */
  readonly issuedAt?: Date
}

export type PolicyType = 'identity-based' | 'resource-based' | 'role trust' | 'permissions boundary' | 'session'

export interface AccessRequest {
  readonly principal: Principal | 'anonymous' | { readonly service: string }
  /** `execute-api:Invoke`, `sts:AssumeRole`, … */
  readonly action: string
  /** The requested ARN. */
  readonly resource: string
  /** The account that owns the resource. */
  readonly resourceAccount: string
  /** Absent: the resource has none. For `sts:AssumeRole` this is the role's trust policy (`kind: 'role trust'`). */
  readonly resourcePolicy?: NamedPolicy & { readonly kind?: 'resource-based' | 'role trust' }
  /** Condition keys of this request beyond those that follow from the principal; key names in any case. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>
}

/** One step of the way to a decision, in words a person can act on. */
export interface DecisionStep {
  readonly policyType: PolicyType
  readonly policy: string
  /** Sid, or `statement 2` counted from 1. Absent: the step speaks of the whole policy (or of its absence). */
  readonly statement?: string
  readonly outcome: 'allows' | 'denies' | 'does not match' | 'is silent' | 'is absent'
  /** `principal arn:… is not among [arn:…]`, `StringEquals sts:ExternalId: the request sent none, the policy wants "x"`. */
  readonly reason: string
}

export type Decision = AllowDecision | Denial

interface AllowDecision {
  readonly allowed: true
  readonly kind: 'allow'
  readonly steps: readonly DecisionStep[]
}

export interface Denial {
  readonly allowed: false
  readonly kind: 'implicit deny' | 'explicit deny'
  /** The policy type that AWS would name in its answer. */
  readonly deniedBy: PolicyType
  readonly steps: readonly DecisionStep[]
  /** What would have allowed it, in one or two sentences. */
  readonly fix: string
}

/** A policy holds something that this evaluator does not imitate, or that AWS would reject: said by name, never guessed. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
}

/** A caller with an account and policies of its own; undefined for anonymous callers and for services. */
export const callerOf = ({ principal }: AccessRequest): Principal | undefined =>
  principal === 'anonymous' || 'service' in principal ? undefined : principal

export const isOfOtherAccount = (request: AccessRequest): boolean => {
  const caller = callerOf(request)
  return caller !== undefined && caller.accountId !== request.resourceAccount
}

/** The principal as a sentence calls it. */
export const principalName = ({ principal }: AccessRequest): string => {
  if (principal === 'anonymous') return 'anonymous'
  if ('service' in principal) return principal.service
  return principal.type === 'AssumedRole' ? `${principal.arn} (role ${principal.principalArn})` : principal.arn
}

/** The account in which a policy of the type stands. */
export const policyAccount = (policyType: PolicyType, request: AccessRequest): string | undefined =>
  policyType === 'resource-based' || policyType === 'role trust'
    ? request.resourceAccount
    : callerOf(request)?.accountId
