import { type Operator, operators } from './condition-operators.ts'
import {
  asList,
  formatList,
  formatValue,
  isObject,
  joinWithOr,
  type PolicyPosition,
  policyErrorAt,
  quote,
} from './policy-messages.ts'
import { describePolicyValue, type PolicyValue } from './policy-value.ts'
import type { ConditionContext } from './request-context.ts'

/** One key under one operator of a Condition element. */
export type Condition = Comparison | NullCheck

interface Comparison {
  /** The operator as the policy writes it, with qualifier and suffix. */
  readonly name: string
  readonly key: string
  readonly operator: Operator
  readonly qualifier?: 'ForAllValues' | 'ForAnyValue'
  readonly ifExists: boolean
  readonly expectedValues: readonly PolicyValue[]
}

interface NullCheck {
  readonly name: 'Null'
  readonly key: string
  /** Whether the key must be absent; a list holding both takes either. */
  readonly absent: readonly boolean[]
}

/** Keys that hold several values: AWS documents set operators as required for them, and what others do is not known. */
const multiValuedKeys = new Set(
  [
    'aws:CalledVia',
    'aws:PrincipalOrgPaths',
    'aws:PrincipalServiceNamesList',
    'aws:ResourceOrgPaths',
    'aws:SourceOrgPaths',
    'aws:TagKeys',
    'sts:TransitiveTagKeys',
  ].map((key) => key.toLowerCase()),
)

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html */
export const readConditions = (value: unknown, variables: boolean, at: PolicyPosition): readonly Condition[] => {
  if (!isObject(value)) throw policyErrorAt(at, `${formatValue(value)} is not an object of operators`)
  return Object.entries(value).flatMap(([name, keys]) => {
    const position = { ...at, element: `${at.element}.${name}` }
    const readKey = keyReader(name, variables, position)
    if (!isObject(keys)) throw policyErrorAt(position, `${formatValue(keys)} is not an object of condition keys`)
    const seen = new Set<string>()
    return Object.entries(keys).map(([key, values]) => {
      const keyPosition = { ...position, element: `${position.element}.${key}` }
      if (!/^[\w-]+:./.test(key))
        throw policyErrorAt(keyPosition, 'a condition key names its service first, as in aws:SourceIp')
      if (seen.has(key.toLowerCase()))
        throw policyErrorAt(keyPosition, 'the key stands here twice, in different capitals')
      seen.add(key.toLowerCase())
      return readKey(key, asScalars(values, keyPosition), keyPosition)
    })
  })
}

type KeyReader = (key: string, values: readonly string[], at: PolicyPosition) => Condition

const keyReader = (name: string, variables: boolean, at: PolicyPosition): KeyReader => {
  const [, qualifier, base = '', suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w*?)(IfExists)?$/.exec(name) ?? []
  if (base === 'Null') {
    if (qualifier ?? suffix) throw policyErrorAt(at, 'Null takes neither qualifier nor IfExists')
    return (key, values, keyAt) => ({
      name: 'Null',
      key,
      absent: values.map((value) => {
        if (!/^(true|false)$/i.test(value)) throw policyErrorAt(keyAt, `"${value}" is not true or false`)
        return value.toLowerCase() === 'true'
      }),
    })
  }
  const operator = operators.get(base)
  if (!operator) throw policyErrorAt(at, 'there is no such condition operator')
  return (key, values, keyAt) => {
    if (qualifier === undefined && multiValuedKeys.has(key.toLowerCase())) {
      throw policyErrorAt(
        keyAt,
        'the key holds several values: the operator needs ForAllValues: or ForAnyValue: before it',
      )
    }
    return {
      name,
      key,
      operator,
      ...((qualifier === 'ForAllValues' || qualifier === 'ForAnyValue') && { qualifier }),
      ifExists: suffix !== undefined,
      expectedValues: values.map((value) => operator.read(value, variables, keyAt)),
    }
  }
}

/** JSON's numbers and truth values may stand for their text. */
const asScalars = (value: unknown, at: PolicyPosition): readonly string[] =>
  asList(value).map((item) => {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return String(item)
    throw policyErrorAt(at, `${formatValue(item)} is not text, a number or a truth value`)
  })

interface ConditionResult {
  readonly holds: boolean
  /** `StringEquals sts:ExternalId: the request sent none, the policy wants "x"` */
  readonly reason: string
  /** What would have turned the verdict round: `sts:ExternalId is "x"`. */
  readonly otherwise: string
}

export const matchCondition = (
  condition: Condition,
  context: ConditionContext,
  at: PolicyPosition,
): ConditionResult => {
  const sent = context.get(condition.key.toLowerCase()) ?? []
  return 'absent' in condition ? matchNull(condition, sent) : matchComparison(condition, sent, context, at)
}

const matchNull = ({ key, absent }: NullCheck, sent: readonly string[]): ConditionResult => {
  const isAbsent = sent.length === 0
  const expectation = absent.length === 0 ? 'nothing at all' : joinWithOr(absent.map((none) => (none ? 'none' : 'any')))
  return {
    holds: absent.includes(isAbsent),
    reason: `Null ${key}: the request sent ${describeSent(sent)}, the policy wants ${expectation}`,
    otherwise: `${key} is ${isAbsent ? 'present' : 'absent'}`,
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html */
const matchComparison = (
  condition: Comparison,
  sent: readonly string[],
  context: ConditionContext,
  at: PolicyPosition,
): ConditionResult => {
  const { name, key, qualifier, operator } = condition
  if (qualifier === undefined && sent.length > 1) {
    const element = `Condition.${name}.${key}`
    throw policyErrorAt(
      { ...at, element },
      'the request holds several values: put ForAllValues: or ForAnyValue: before it',
    )
  }
  const holds = comparisonHolds(condition, sent, context)
  const values = condition.expectedValues.map((policyValue) => describePolicyValue(policyValue, context))
  const some = values.length === 0 ? 'one of no values' : `${operator.phrase}${joinWithOr(values)}`
  const expectation = (negated: boolean) => (negated ? `anything but ${some}` : some)
  const each = qualifier && (qualifier === 'ForAllValues' ? 'each' : 'at least one')
  const expected = `${each ? `${each} to be ` : ''}${expectation(operator.negated)}`
  const unqualified = (negated: boolean) => `${each ? `${each} ` : ''}${key} is ${expectation(negated)}`
  return {
    holds,
    reason: `${name} ${key}: the request sent ${describeSent(sent)}, the policy wants ${expected}`,
    otherwise: !holds
      ? unqualified(operator.negated)
      : each
        ? `not ${unqualified(operator.negated)}`
        : unqualified(!operator.negated),
  }
}

const comparisonHolds = (
  { qualifier, operator: { negated }, ifExists, expectedValues }: Comparison,
  sent: readonly string[],
  context: ConditionContext,
): boolean => {
  // Set operators take a key whose only value is empty text for an absent one.
  const values = qualifier && sent.every((value) => value === '') ? [] : sent
  if (values.length === 0) return ifExists || (qualifier ? qualifier === 'ForAllValues' : negated)
  const tests = expectedValues.flatMap((value) => value.inRequest(context)?.test ?? [])
  const satisfies = (value: string) => tests.some((test) => test(value)) !== negated
  return qualifier === 'ForAnyValue' ? values.some(satisfies) : values.every(satisfies)
}

const describeSent = (sent: readonly string[]): string => {
  const [only] = sent
  if (only === undefined) return 'none'
  return sent.length === 1 ? quote(only) : formatList(sent.map(quote))
}
