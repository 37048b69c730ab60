import { readAction } from './action-element.ts'
import { type Condition, readConditions } from './condition-element.ts'
import { asTexts, isObject, written } from './json-value.ts'
import { type Place, refusal } from './place.ts'
import { type PrincipalName, readPrincipals } from './principal-element.ts'
import { readResource } from './resource-element.ts'
import type { PolicyType } from './types.ts'
import type { Wanted } from './wanted.ts'

/** X or NotX, whichever the statement has. */
export interface Element<Item> {
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
  readonly principal?: Element<PrincipalName>
  readonly action: Element<Wanted>
  /** Absent in role trust policies: their resource is the role. */
  readonly resource?: Element<Wanted>
  readonly conditions: readonly Condition[]
}

interface Reading {
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
export const readStatement = (value: unknown, { kind, variables, policy, index }: Reading): Statement => {
  const ordinal = `statement ${index + 1}`
  if (!isObject(value)) throw refusal({ policy, statement: ordinal }, `${written(value)} is not an object`)
  const sid = readSid(value['Sid'], kind, { policy, statement: ordinal, element: 'Sid' })
  const where = sid === undefined ? ordinal : `statement "${sid}"`
  const at: Place = { policy, statement: where }
  for (const name of Object.keys(value)) {
    if (!elementNames.includes(name)) throw refusal({ ...at, element: name }, 'there is no such element in a statement')
  }
  const effect = value['Effect']
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw refusal({ ...at, element: 'Effect' }, `${written(effect)} is neither "Allow" nor "Deny"`)
  }
  const action = readElement(value, 'Action', at, (item, place) => readAction(item, kind, place))
  if (!action) throw refusal({ ...at, element: 'Action' }, 'neither Action nor NotAction is there')
  const principal = readPrincipalElement(value, effect, kind, at)
  const resource = readElement(value, 'Resource', at, (item, place) => readResource(item, variables, place))
  if (kind === 'role trust' ? resource : !resource) {
    const why = resource
      ? 'a role trust policy has no Resource: it is the role'
      : 'neither Resource nor NotResource is there'
    throw refusal({ ...at, element: resource?.negated ? 'NotResource' : 'Resource' }, why)
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
const readSid = (sid: unknown, kind: PolicyType, at: Place): string | undefined => {
  if (sid === undefined || sid === '') return undefined
  if (typeof sid !== 'string') throw refusal(at, `${written(sid)} is not text`)
  if (kind !== 'resource-based' && !/^[0-9A-Za-z]*$/.test(sid)) {
    throw refusal(at, `"${sid}" holds something else than letters and digits`)
  }
  return sid
}

type Name = 'Principal' | 'Action' | 'Resource'

/** The one of X and NotX that is there; both are refused. */
const pick = (statement: Readonly<Record<string, unknown>>, name: Name, at: Place) => {
  const [plain, negation] = [statement[name], statement[`Not${name}`]]
  if (plain !== undefined && negation !== undefined) {
    throw refusal({ ...at, element: `Not${name}` }, `a statement has ${name} or Not${name}, not both`)
  }
  const negated = negation !== undefined
  const place = { ...at, element: negated ? `Not${name}` : name }
  const value = negated ? negation : plain
  return value === undefined ? undefined : { value, negated, place }
}

const readElement = (
  statement: Readonly<Record<string, unknown>>,
  name: Name,
  at: Place,
  read: (item: string, at: Place) => Wanted,
): Element<Wanted> | undefined => {
  const picked = pick(statement, name, at)
  if (!picked) return undefined
  const { value, negated, place } = picked
  return meant({ negated, items: asTexts(value, place).map((item) => read(item, place)) }, place)
}

/** An empty X means nothing at all. Whether an empty NotX then means everything, AWS does not say. */
const meant = <Item>(element: Element<Item>, at: Place): Element<Item> => {
  if (element.negated && element.items.length === 0) throw refusal(at, 'it is empty; name what to except')
  return element
}

const readPrincipalElement = (
  statement: Readonly<Record<string, unknown>>,
  effect: 'Allow' | 'Deny',
  kind: PolicyType,
  at: Place,
): Element<PrincipalName> | undefined => {
  const picked = pick(statement, 'Principal', at)
  const needed = kind === 'resource-based' || kind === 'role trust'
  if (!picked) {
    if (needed) throw refusal({ ...at, element: 'Principal' }, `a ${kind} policy must say for whom it is`)
    return undefined
  }
  const { value, negated, place } = picked
  if (!needed) throw refusal(place, `${withArticle(kind)} names no principal: it belongs to one`)
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
  if (negated && kind === 'role trust') throw refusal(place, 'role trust policies do not take NotPrincipal')
  if (negated && effect === 'Allow') throw refusal(place, 'NotPrincipal goes with Deny only')
  return meant({ negated, items: readPrincipals(value, kind, place) }, place)
}

const withArticle = (kind: PolicyType): string => {
  if (kind === 'permissions boundary') return 'a permissions boundary'
  return kind === 'identity-based' ? 'an identity-based policy' : `a ${kind} policy`
}
