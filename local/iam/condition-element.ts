import { type Operator, operators } from './condition-operators.ts'
import { asList, isObject, written } from './json-value.ts'
import { type Place, refusal } from './place.ts'
import type { Wanted } from './wanted.ts'

/** One key under one operator of a Condition element. */
export type Condition = Comparison | NullCheck

export interface Comparison {
  /** The operator as the policy writes it, with qualifier and suffix. */
  readonly name: string
  readonly key: string
  readonly operator: Operator
  readonly qualifier?: 'ForAllValues' | 'ForAnyValue'
  readonly ifExists: boolean
  readonly wanted: readonly Wanted[]
}

export interface NullCheck {
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
export const readConditions = (value: unknown, variables: boolean, at: Place): readonly Condition[] => {
  if (!isObject(value)) throw refusal(at, `${written(value)} is not an object of operators`)
  return Object.entries(value).flatMap(([name, keys]) => {
    const place = { ...at, element: `${at.element}.${name}` }
    const readKey = keyReader(name, variables, place)
    if (!isObject(keys)) throw refusal(place, `${written(keys)} is not an object of condition keys`)
    const seen = new Set<string>()
    return Object.entries(keys).map(([key, values]) => {
      const keyPlace = { ...place, element: `${place.element}.${key}` }
      if (!/^[\w-]+:./.test(key)) throw refusal(keyPlace, 'a condition key names its service first, as in aws:SourceIp')
      if (seen.has(key.toLowerCase())) throw refusal(keyPlace, 'the key stands here twice, in different capitals')
      seen.add(key.toLowerCase())
      return readKey(key, asScalars(values, keyPlace), keyPlace)
    })
  })
}

type KeyReader = (key: string, values: readonly string[], at: Place) => Condition

const keyReader = (name: string, variables: boolean, at: Place): KeyReader => {
  const [, qualifier, base = '', suffix] = /^(?:(ForAllValues|ForAnyValue):)?(\w*?)(IfExists)?$/.exec(name) ?? []
  if (base === 'Null') {
    if (qualifier ?? suffix) throw refusal(at, 'Null takes neither qualifier nor IfExists')
    return (key, values, keyAt) => ({
      name: 'Null',
      key,
      absent: values.map((value) => {
        if (!/^(true|false)$/i.test(value)) throw refusal(keyAt, `"${value}" is not true or false`)
        return value.toLowerCase() === 'true'
      }),
    })
  }
  const operator = operators.get(base)
  if (!operator) throw refusal(at, 'there is no such condition operator')
  return (key, values, keyAt) => {
    if (qualifier === undefined && multiValuedKeys.has(key.toLowerCase())) {
      throw refusal(keyAt, 'the key holds several values: the operator needs ForAllValues: or ForAnyValue: before it')
    }
    return {
      name,
      key,
      operator,
      ...((qualifier === 'ForAllValues' || qualifier === 'ForAnyValue') && { qualifier }),
      ifExists: suffix !== undefined,
      wanted: values.map((value) => operator.read(value, variables, keyAt)),
    }
  }
}

/** JSON's numbers and truth values may stand for their text. */
const asScalars = (value: unknown, at: Place): readonly string[] =>
  asList(value).map((item) => {
    if (typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean') return String(item)
    throw refusal(at, `${written(item)} is not text, a number or a truth value`)
  })
