import type { Comparison, Condition, NullCheck } from './condition-element.ts'
import type { Context } from './context.ts'
import { type Place, refusal } from './place.ts'
import { describeWanted } from './wanted.ts'
import { either, listed, quoted } from './wording.ts'

export interface ConditionVerdict {
  readonly holds: boolean
  /** `StringEquals sts:ExternalId: the request sent none, the policy wants "x"` */
  readonly because: string
  /** What would have turned the verdict round: `sts:ExternalId is "x"`. */
  readonly otherwise: string
}

export const matchCondition = (condition: Condition, context: Context, at: Place): ConditionVerdict => {
  const sent = context.get(condition.key.toLowerCase()) ?? []
  return 'absent' in condition ? matchNull(condition, sent) : matchComparison(condition, sent, context, at)
}

const matchNull = ({ key, absent }: NullCheck, sent: readonly string[]): ConditionVerdict => {
  const isAbsent = sent.length === 0
  const wants = absent.length === 0 ? 'nothing at all' : either(absent.map((none) => (none ? 'none' : 'any')))
  return {
    holds: absent.includes(isAbsent),
    because: `Null ${key}: the request sent ${describeSent(sent)}, the policy wants ${wants}`,
    otherwise: `${key} is ${isAbsent ? 'present' : 'absent'}`,
  }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html */
const matchComparison = (
  condition: Comparison,
  sent: readonly string[],
  context: Context,
  at: Place,
): ConditionVerdict => {
  const { name, key, qualifier, operator } = condition
  if (qualifier === undefined && sent.length > 1) {
    const element = `Condition.${name}.${key}`
    throw refusal({ ...at, element }, 'the request holds several values: put ForAllValues: or ForAnyValue: before it')
  }
  const holds = comparisonHolds(condition, sent, context)
  const values = condition.wanted.map((wanted) => describeWanted(wanted, context))
  const some = values.length === 0 ? 'one of no values' : `${operator.wants}${either(values)}`
  const wants = (negated: boolean) => (negated ? `anything but ${some}` : some)
  const each = qualifier && (qualifier === 'ForAllValues' ? 'each' : 'at least one')
  const demand = `${each ? `${each} to be ` : ''}${wants(operator.negated)}`
  const unqualified = (negated: boolean) => `${each ? `${each} ` : ''}${key} is ${wants(negated)}`
  return {
    holds,
    because: `${name} ${key}: the request sent ${describeSent(sent)}, the policy wants ${demand}`,
    otherwise: !holds
      ? unqualified(operator.negated)
      : each
        ? `not ${unqualified(operator.negated)}`
        : unqualified(!operator.negated),
  }
}

const comparisonHolds = (
  { qualifier, operator: { negated }, ifExists, wanted }: Comparison,
  sent: readonly string[],
  context: Context,
): boolean => {
  // Set operators take a key whose only value is empty text for an absent one.
  const values = qualifier && sent.every((value) => value === '') ? [] : sent
  if (values.length === 0) return ifExists || (qualifier ? qualifier === 'ForAllValues' : negated)
  const tests = wanted.flatMap((value) => value.inRequest(context)?.test ?? [])
  const satisfies = (value: string) => tests.some((test) => test(value)) !== negated
  return qualifier === 'ForAnyValue' ? values.some(satisfies) : values.every(satisfies)
}

const describeSent = (sent: readonly string[]): string => {
  const [only] = sent
  if (only === undefined) return 'none'
  return sent.length === 1 ? quoted(only) : listed(sent.map(quoted))
}
