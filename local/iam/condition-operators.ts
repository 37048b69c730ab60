import { BlockList, isIP } from 'node:net'
import { arnTest, isArnPattern } from './arn-pattern.ts'
import { type Place, refusal } from './place.ts'
import { hasVariables, readPolicyText, textOf, withoutVariables } from './policy-text.ts'
import { type Wanted, wantedText, wantedValue } from './wanted.ts'
import { compilePattern, matchesPattern } from './wildcard.ts'

export interface Operator {
  /** A negated operator holds where its positive form does not, absent keys included. */
  readonly negated: boolean
  /** Stands before the values in a sentence: `a number less than `. */
  readonly wants: string
  readonly read: Reader
}

type Reader = (source: string, variables: boolean, at: Place) => Wanted

const equals: Reader = (source, variables, at) =>
  wantedText(source, readPolicyText(source, { wildcards: false, variables }, at), (pieces) => {
    const text = textOf(pieces)
    return (value) => value === text
  })

const equalsIgnoringCase: Reader = (source, variables, at) =>
  wantedText(source, readPolicyText(source, { wildcards: false, variables }, at), (pieces) => {
    const text = textOf(pieces).toLowerCase()
    return (value) => value.toLowerCase() === text
  })

const like: Reader = (source, variables, at) =>
  wantedText(source, readPolicyText(source, { wildcards: true, variables }, at), (pieces) => {
    const pattern = compilePattern(pieces)
    return (value) => matchesPattern(pattern, value)
  })

const arnLike: Reader = (source, variables, at) => {
  const text = readPolicyText(source, { wildcards: true, variables }, at)
  if (!hasVariables(text) && !isArnPattern(withoutVariables(text))) {
    throw refusal(at, `"${source}" is neither "*" nor an ARN of six sections`)
  }
  return wantedText(source, text, arnTest)
}

/** Values of the policy must be of the operator's type (AWS only warns of others); one in a request that is not equals none. */
const typed =
  <Value>(
    type: string,
    read: (text: string) => Value | undefined,
    compare: (sent: Value, wanted: Value) => boolean,
  ): Reader =>
  (source, _variables, at) => {
    const wanted = read(source)
    if (wanted === undefined) throw refusal(at, `"${source}" is not ${type}`)
    return wantedValue(source, (value) => {
      const sent = read(value)
      return sent !== undefined && compare(sent, wanted)
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

const same = <Value>(sent: Value, wanted: Value) => sent === wanted
const number = (compare: (sent: number, wanted: number) => boolean) => typed('a number', readNumber, compare)
const date = (compare: (sent: number, wanted: number) => boolean) =>
  typed('a date, as in 2026-01-31T12:00:00Z, nor seconds since 1970', readDate, compare)

const family = (address: string) => (isIP(address) === 4 ? 'ipv4' : 'ipv6')
const isAddress = (text: string) => isIP(text) !== 0 && !text.includes('%')

const within: Reader = (source, _variables, at) => {
  const [address = '', prefix, ...more] = source.split('/')
  const bits = family(address) === 'ipv4' ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  if (!isAddress(address) || more.length > 0 || !(length <= bits)) {
    throw refusal(at, `"${source}" is neither an IP address nor a CIDR range`)
  }
  const range = new BlockList()
  range.addSubnet(address, length, family(address))
  // A BlockList maps IPv4 addresses into ::/0; here they are in no IPv6 range.
  const isComparable = (value: string) => isAddress(value) && (bits === 32 || family(value) === 'ipv6')
  return wantedValue(source, (value) => isComparable(value) && range.check(value, family(value)))
}

type Row = readonly [name: string, negatedName: string | undefined, wants: string, read: Reader]

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const rows: readonly Row[] = [
  ['StringEquals', 'StringNotEquals', '', equals],
  ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', 'in any case ', equalsIgnoringCase],
  ['StringLike', 'StringNotLike', 'text like ', like],
  ['ArnEquals', 'ArnNotEquals', 'an ARN like ', arnLike],
  ['ArnLike', 'ArnNotLike', 'an ARN like ', arnLike],
  ['NumericEquals', 'NumericNotEquals', '', number(same)],
  ['NumericLessThan', undefined, 'a number less than ', number((sent, wanted) => sent < wanted)],
  ['NumericLessThanEquals', undefined, 'a number of at most ', number((sent, wanted) => sent <= wanted)],
  ['NumericGreaterThan', undefined, 'a number greater than ', number((sent, wanted) => sent > wanted)],
  ['NumericGreaterThanEquals', undefined, 'a number of at least ', number((sent, wanted) => sent >= wanted)],
  ['DateEquals', 'DateNotEquals', '', date(same)],
  ['DateLessThan', undefined, 'a date before ', date((sent, wanted) => sent < wanted)],
  ['DateLessThanEquals', undefined, 'a date not after ', date((sent, wanted) => sent <= wanted)],
  ['DateGreaterThan', undefined, 'a date after ', date((sent, wanted) => sent > wanted)],
  ['DateGreaterThanEquals', undefined, 'a date not before ', date((sent, wanted) => sent >= wanted)],
  ['Bool', undefined, '', typed('true or false', readBool, same)],
  ['BinaryEquals', undefined, 'the bytes ', typed('base64', readBase64, same)],
  ['IpAddress', 'NotIpAddress', 'an address within ', within],
]

/** Every operator but Null, by its name without qualifier and suffix. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  rows.flatMap(([name, negatedName, wants, read]): [string, Operator][] => [
    [name, { negated: false, wants, read }],
    ...(negatedName === undefined ? [] : [[negatedName, { negated: true, wants, read }] as [string, Operator]]),
  ]),
)
