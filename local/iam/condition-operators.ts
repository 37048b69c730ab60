import { BlockList, isIP } from 'node:net'
import { type PolicyPosition, policyErrorAt } from './policy-messages.ts'
import {
  hasVariables,
  type PolicyValue,
  policyTextValue,
  policyValue,
  readPolicyText,
  textOf,
  withoutVariables,
} from './policy-value.ts'
import { arnTest, compilePattern, isArnPattern, matchesPattern } from './policy-wildcards.ts'

export interface Operator {
  /** A negated operator holds where its positive form does not, absent keys included. */
  readonly negated: boolean
  /** Stands before the values in a sentence: `a number less than `. */
  readonly phrase: string
  readonly read: OperatorReader
}

type OperatorReader = (source: string, variables: boolean, at: PolicyPosition) => PolicyValue

const equals: OperatorReader = (source, variables, at) =>
  policyTextValue(source, readPolicyText(source, { wildcards: false, variables }, at), (pieces) => {
    const text = textOf(pieces)
    return (value) => value === text
  })

const equalsIgnoringCase: OperatorReader = (source, variables, at) =>
  policyTextValue(source, readPolicyText(source, { wildcards: false, variables }, at), (pieces) => {
    const text = textOf(pieces).toLowerCase()
    return (value) => value.toLowerCase() === text
  })

const like: OperatorReader = (source, variables, at) =>
  policyTextValue(source, readPolicyText(source, { wildcards: true, variables }, at), (pieces) => {
    const pattern = compilePattern(pieces)
    return (value) => matchesPattern(pattern, value)
  })

const arnLike: OperatorReader = (source, variables, at) => {
  const text = readPolicyText(source, { wildcards: true, variables }, at)
  if (!hasVariables(text) && !isArnPattern(withoutVariables(text))) {
    throw policyErrorAt(at, `"${source}" is neither "*" nor an ARN of six sections`)
  }
  return policyTextValue(source, text, arnTest)
}

/** Values of the policy must be of the operator's type (AWS only warns of others); one in a request that is not equals none. */
const typedComparison =
  <Value>(
    type: string,
    read: (text: string) => Value | undefined,
    compare: (sent: Value, expected: Value) => boolean,
  ): OperatorReader =>
  (source, _variables, at) => {
    const expected = read(source)
    if (expected === undefined) throw policyErrorAt(at, `"${source}" is not ${type}`)
    return policyValue(source, (value) => {
      const sent = read(value)
      return sent !== undefined && compare(sent, expected)
    })
  }

const readNumber = (text: string) => (/^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined)

const isoDate = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/

/** Milliseconds, of a W3C profile date (https://www.w3.org/TR/NOTE-datetime) or of seconds since 1970. */
const readDate = (text: string) => {
  const time = isoDate.test(text) ? Date.parse(text) : /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

const readBool = (text: string) => (/^(true|false)$/i.test(text) ? text.toLowerCase() : undefined)

const readBase64 = (text: string) =>
  /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0
    ? Buffer.from(text, 'base64').toString('base64')
    : undefined

const same = <Value>(sent: Value, expected: Value) => sent === expected
const number = (compare: (sent: number, expected: number) => boolean) =>
  typedComparison('a number', readNumber, compare)
const date = (compare: (sent: number, expected: number) => boolean) =>
  typedComparison('a date, as in 2026-01-31T12:00:00Z, nor seconds since 1970', readDate, compare)

const family = (address: string) => (isIP(address) === 4 ? 'ipv4' : 'ipv6')
const isAddress = (text: string) => isIP(text) !== 0 && !text.includes('%')

const ipRange: OperatorReader = (source, _variables, at) => {
  const [address = '', prefix, ...more] = source.split('/')
  const bits = family(address) === 'ipv4' ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (!isAddress(address) || more.length > 0 || !(length <= bits)) {
    throw policyErrorAt(at, `"${source}" is neither an IP address nor a CIDR range`)
  }
  const range = new BlockList()
  range.addSubnet(address, length, family(address))
  // A BlockList maps IPv4 addresses into ::/0; here they are in no IPv6 range.
  const isComparable = (value: string) => isAddress(value) && (bits === 32 || family(value) === 'ipv6')
  return policyValue(source, (value) => isComparable(value) && range.check(value, family(value)))
}

type OperatorRow = readonly [name: string, negatedName: string | undefined, wants: string, read: OperatorReader]

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operatorRows: readonly OperatorRow[] = [
  ['StringEquals', 'StringNotEquals', '', equals],
  ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'in any case ', equalsIgnoringCase],
  ['StringLike', 'StringNotLike', 'text like ', like],
  ['ArnEquals', 'ArnNotEquals', 'an ARN like ', arnLike],
  ['ArnLike', 'ArnNotLike', 'an ARN like ', arnLike],
  ['NumericEquals', 'NumericNotEquals', '', number(same)],
  ['NumericLessThan', undefined, 'a number less than ', number((sent, expected) => sent < expected)],
  ['NumericLessThanEquals', undefined, 'a number of at most ', number((sent, expected) => sent <= expected)],
  ['NumericGreaterThan', undefined, 'a number greater than ', number((sent, expected) => sent > expected)],
  ['NumericGreaterThanEquals', undefined, 'a number of at least ', number((sent, expected) => sent >= expected)],
  ['DateEquals', 'DateNotEquals', '', date(same)],
  ['DateLessThan', undefined, 'a date before ', date((sent, expected) => sent < expected)],
  ['DateLessThanEquals', undefined, 'a date not after ', date((sent, expected) => sent <= expected)],
  ['DateGreaterThan', undefined, 'a date after ', date((sent, expected) => sent > expected)],
  ['DateGreaterThanEquals', undefined, 'a date not before ', date((sent, expected) => sent >= expected)],
  ['Bool', undefined, '', typedComparison('true or false', readBool, same)],
  ['BinaryEquals', undefined, 'the bytes ', typedComparison('base64', readBase64, same)],
  ['IpAddress', 'NotIpAddress', 'an address within ', ipRange],
]

/** Every operator but Null, by its name without qualifier and suffix. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  operatorRows.flatMap(([name, negatedName, wants, read]): [string, Operator][] => [
    [name, { negated: false, phrase: wants, read }],
    ...(negatedName === undefined ? [] : [[negatedName, { negated: true, phrase: wants, read }] as [string, Operator]]),
  ]),
)
