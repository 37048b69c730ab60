import {
  type AccessRequest,
  type DecisionStep,
  type NamedPolicy,
  type PolicyType,
  policyAccount,
} from './access-request.ts'
import { matchCondition } from './condition-element.ts'
import { readPolicy } from './policy.ts'
import { formatList } from './policy-messages.ts'
import { describePolicyValue, type PolicyValue } from './policy-value.ts'
import { matchNotPrincipal, matchPrincipal, type ResourceGrant, remainingLimit } from './principal-element.ts'
import type { ConditionContext } from './request-context.ts'
import type { PolicyElement, Statement } from './statement.ts'

/** What is held against the statements of every policy. */
interface EvaluationInput {
  readonly request: AccessRequest
  readonly context: ConditionContext
}

interface StatementResult {
  readonly applies: boolean
  /** Every comparison made when it applies, the first that failed when not. */
  readonly reason: string
  /** What it grants, or would if its conditions held, where it names principals. */
  readonly grant?: ResourceGrant
  /** Where conditions decided: what would have turned the verdict round, all of it or, when it applies, any of it. */
  readonly otherwise: readonly string[]
}

interface ElementResult {
  readonly matches: boolean
  readonly reason: string
}

/** Undefined when the statement does not speak of the action. */
const matchStatement = (
  { action, principal, resource, conditions, effect, where }: Statement,
  { request, context }: EvaluationInput,
  policy: string,
): StatementResult | undefined => {
  const byAction = matchElement('action', request.action, request.action.toLowerCase(), action, context)
  if (!byAction.matches) return undefined
  const byPrincipal = principal && (principal.negated ? matchNotPrincipal : matchPrincipal)(principal.items, request)
  if (byPrincipal?.matches === false) return { applies: false, reason: byPrincipal.reason, otherwise: [] }
  const byResource = resource && matchElement('resource', request.resource, request.resource, resource, context)
  if (byResource?.matches === false) return { applies: false, reason: byResource.reason, otherwise: [] }

  const byConditions = conditions.map((condition) => matchCondition(condition, context, { policy, statement: where }))
  const grant = byPrincipal?.grant
  const granted = grant && { grant }
  const failed = byConditions.filter(({ holds }) => !holds)
  const [first] = failed
  if (first) {
    return { applies: false, reason: first.reason, ...granted, otherwise: failed.map(({ otherwise }) => otherwise) }
  }
  const limit = grant && effect === 'Allow' ? remainingLimit(grant, request) : undefined
  const reasons = [byAction, byPrincipal, byResource, ...byConditions].flatMap((verdict) => verdict?.reason ?? [])
  return {
    applies: true,
    reason: [...reasons, ...(limit ? [limit] : [])].join('; '),
    ...granted,
    otherwise: byConditions.map(({ otherwise }) => otherwise),
  }
}

const matchElement = (
  elementName: 'action' | 'resource',
  label: string,
  value: string,
  { negated, items }: PolicyElement<PolicyValue>,
  context: ConditionContext,
): ElementResult => {
  const match = items.find((item) => item.inRequest(context)?.test(value))
  const described = match
    ? describePolicyValue(match, context)
    : formatList(items.map((item) => describePolicyValue(item, context)))
  return {
    matches: (match !== undefined) !== negated,
    reason: `${elementName} ${label} is ${elementPhrase(negated, !!match, elementName)} ${described}`,
  }
}

const elementPhrase = (negated: boolean, found: boolean, elementName: 'action' | 'resource'): string => {
  if (!negated) return found ? 'covered by' : 'not among'
  return `${found ? '' : 'not '}excepted by ${elementName === 'action' ? 'NotAction' : 'NotResource'}`
}

/** One statement that speaks of the action, and what came of it. */
export interface StatementFinding extends StatementResult {
  readonly effect: 'Allow' | 'Deny'
  /** `statement "Door" of trust policy of role R (account 111111111111)` */
  readonly where: string
}

/** What the policies of one type say, taken together. */
export interface PolicyResult {
  readonly policyType: PolicyType
  readonly policies: readonly NamedPolicy[]
  readonly findings: readonly StatementFinding[]
  readonly steps: readonly DecisionStep[]
}

export const evaluatePolicies = (
  policyType: PolicyType,
  policies: readonly NamedPolicy[],
  input: EvaluationInput,
): PolicyResult => {
  const results = policies.map((policy) => evaluatePolicy(policyType, policy, input))
  return {
    policyType,
    policies,
    findings: results.flatMap(({ findings }) => findings),
    steps: results.flatMap(({ steps }) => steps),
  }
}

export const allowingStatements = ({ findings }: PolicyResult): readonly StatementFinding[] =>
  findings.filter(({ applies, effect }) => applies && effect === 'Allow')

export const denyingStatements = ({ findings }: PolicyResult): readonly StatementFinding[] =>
  findings.filter(({ applies, effect }) => applies && effect === 'Deny')

const evaluatePolicy = (policyType: PolicyType, named: NamedPolicy, input: EvaluationInput) => {
  const policy = named.name
  const { statements } = readPolicy(named, policyType)
  const owner = policyAccount(policyType, input.request)
  const findings: StatementFinding[] = []
  const steps: DecisionStep[] = []
  for (const statement of statements) {
    const result = matchStatement(statement, input, policy)
    if (!result) continue
    const { effect, label, where } = statement
    findings.push({ ...result, effect, where: `${where} of ${policy} (account ${owner})` })
    const outcome = !result.applies ? 'does not match' : effect === 'Allow' ? 'allows' : 'denies'
    steps.push({ policyType, policy, statement: label, outcome, reason: result.reason })
  }
  if (steps.length === 0) {
    const count = statements.length
    const reason =
      count === 0
        ? 'it has no statements'
        : `${count === 1 ? 'its one statement does not speak' : `none of its ${count} statements speaks`} of ${input.request.action}`
    steps.push({ policyType, policy, outcome: 'is silent', reason })
  }
  return { findings, steps }
}
