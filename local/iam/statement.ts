import type { PolicyType } from './access-request.ts'
import { readAction, readResource } from './action-and-resource-elements.ts'
import { type Condition, readConditions } from './condition-element.ts'
import { asStrings, formatValue, isObject, type PolicyPosition, policyErrorAt } from './policy-messages.ts'
import type { PolicyValue } from './policy-value.ts'
import { type PrincipalName, readPrincipals } from './principal-element.ts'

/** X or NotX, whichever the statement has. */
export interface PolicyElement<Item> {
  readonly negated: boolean
  readonly items: readonly Item[]
}

export interface Statement {
  /** Its Sid, or `statement 2` counted from 1. */
  readonly label: string
  /** The same in a sentence: `statement "Sid"`. */
  readonly where: string
  readonly effect: 'Allow' | 'Deny'
  /** Absent where the policy itself belongs to a principal. */
  readonly principal?: PolicyElement<PrincipalName>
  readonly action: PolicyElement<PolicyValue>
  /** Absent in role trust policies: their resource is the role. */
  readonly resource?: PolicyElement<PolicyValue>
  readonly conditions: readonly Condition[]
}

interface StatementContext {
  readonly kind: PolicyType
  readonly variables: boolean
  readonly policy: string
  readonly index: number
}

const elementNames = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
]

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
export const readStatement = (value: unknown, { kind, variables, policy, index }: StatementContext): Statement => {
  const ordinal = `statement ${index + 1}`
  if (!isObject(value)) throw policyErrorAt({ policy, statement: ordinal }, `${formatValue(value)} is not an object`)
  const sid = readSid(value['Sid'], kind, { policy, statement: ordinal, element: 'Sid' })
  const where = sid === undefined ? ordinal : `statement "${sid}"`
  const at: PolicyPosition = { policy, statement: where }
  for (const name of Object.keys(value)) {
    if (!elementNames.includes(name))
      throw policyErrorAt({ ...at, element: name }, 'there is no such element in a statement')
  }
  const effect = value['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw policyErrorAt({ ...at, element: 'Effect' }, `${formatValue(effect)} is neither "Allow" nor "Deny"`)
  }
  const action = readElement(value, 'Action', at, (item, position) => readAction(item, kind, position))
  if (!action) throw policyErrorAt({ ...at, element: 'Action' }, 'neither Action nor NotAction is there')
  const principal = readPrincipalElement(value, effect, kind, at)
  const resource = readElement(value, 'Resource', at, (item, position) => readResource(item, variables, position))
  if (kind === 'role trust' ? resource : !resource) {
    const reason = resource
      ? 'a role trust policy has no Resource: it is the role'
      : 'neither Resource nor NotResource is there'
    throw policyErrorAt({ ...at, element: resource?.negated ? 'NotResource' : 'Resource' }, reason)
  }
  return {
    label: sid ?? ordinal,
    where,
    effect,
    ...(principal && { principal }),
    action,
    ...(resource && { resource }),
    conditions:
      value['Condition'] === undefined
        ? []
        : readConditions(value['Condition'], variables, { ...at, element: 'Condition' }),
  }
}

/** IAM's own policies take letters and digits only; other services are not as strict. An empty Sid is none. */
const readSid = (sid: unknown, kind: PolicyType, at: PolicyPosition): string | undefined => {
  if (sid === undefined || sid === '') return undefined
  if (typeof sid !== 'string') throw policyErrorAt(at, `${formatValue(sid)} is not text`)
  if (kind !== 'resource-based' && !/^[0-9A-Za-z]*$/.test(sid)) {
    throw policyErrorAt(at, `"${sid}" holds something else than letters and digits`)
  }
  return sid
}

type ElementName = 'Principal' | 'Action' | 'Resource'

/** The one of X and NotX that is there; both are refused. */
const pickElement = (statement: Readonly<Record<string, unknown>>, name: ElementName, at: PolicyPosition) => {
  const [plain, negation] = [statement[name], statement[`Not${name}`]]
  if (plain !== undefined && negation !== undefined) {
    throw policyErrorAt({ ...at, element: `Not${name}` }, `a statement has ${name} or Not${name}, not both`)
  }
  const negated = negation !== undefined
  const position = { ...at, element: negated ? `Not${name}` : name }
  const value = negated ? negation : plain
  return value === undefined ? undefined : { value, negated, position }
}

const readElement = (
  statement: Readonly<Record<string, unknown>>,
  name: ElementName,
  at: PolicyPosition,
  read: (item: string, at: PolicyPosition) => PolicyValue,
): PolicyElement<PolicyValue> | undefined => {
  const picked = pickElement(statement, name, at)
  if (!picked) return undefined
  const { value, negated, position } = picked
  return requireExceptions({ negated, items: asStrings(value, position).map((item) => read(item, position)) }, position)
}

/** An empty X means nothing at all. Whether an empty NotX then means everything, AWS does not say. */
const requireExceptions = <Item>(element: PolicyElement<Item>, at: PolicyPosition): PolicyElement<Item> => {
  if (element.negated && element.items.length === 0) throw policyErrorAt(at, 'it is empty; name what to except')
  return element
}

const readPrincipalElement = (
  statement: Readonly<Record<string, unknown>>,
  effect: 'Allow' | 'Deny',
  kind: PolicyType,
  at: PolicyPosition,
): PolicyElement<PrincipalName> | undefined => {
  const picked = pickElement(statement, 'Principal', at)
  const needed = kind === 'resource-based' || kind === 'role trust'
  if (!picked) {
    if (needed) throw policyErrorAt({ ...at, element: 'Principal' }, `a ${kind} policy must say for whom it is`)
    return undefined
  }
  const { value, negated, position } = picked
  if (!needed) throw policyErrorAt(position, `${withArticle(kind)} names no principal: it belongs to one`)
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
  if (negated && kind === 'role trust') throw policyErrorAt(position, 'role trust policies do not take NotPrincipal')
  if (negated && effect === 'Allow') throw policyErrorAt(position, 'NotPrincipal goes with Deny only')
  return requireExceptions({ negated, items: readPrincipals(value, kind, position) }, position)
}

const withArticle = (kind: PolicyType): string => {
  if (kind === 'permissions boundary') return 'a permissions boundary'
  return kind === 'identity-based' ? 'an identity-based policy' : `a ${kind} policy`
}
