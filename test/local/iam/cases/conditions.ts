/** Whether a Condition element holds for a context. */
export interface ConditionCase {
  readonly title: string
  readonly condition: Readonly<Record<string, object>>
  readonly context: Readonly<Record<string, string | readonly string[]>>
  readonly holds: boolean
  /** What the step says of the comparison, when it does not hold. */
  readonly reason?: string
}

type Values = string | number | boolean | readonly (string | number | boolean)[]

/** One operator on the key `app:Key`, for a request that sends the given value of it, or none. */
const on = (
  operator: string,
  values: Values,
  sent: string | readonly string[] | undefined,
  holds: boolean,
  title: string,
  because?: string,
): ConditionCase => ({
  title: `${operator}: ${title}`,
  condition: { [operator]: { 'app:Key': values } },
  context: sent === undefined ? {} : { 'app:Key': sent },
  holds,
  ...(because !== undefined && { reason: `${operator} app:Key: ${because}` }),
})

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const text: readonly ConditionCase[] = [
  on('StringEquals', 'a', 'a', true, 'the same text'),
  on('StringEquals', 'a', 'A', false, 'minds case', 'the request sent "A", the policy wants "a"'),
  on('StringEquals', ['a', 'b'], 'b', true, 'one value of several is enough'),
  on(
    'StringEquals',
    ['a', 'b'],
    'c',
    false,
    'a value out of several',
    'the request sent "c", the policy wants "a" or "b"',
  ),
  on('StringEquals', 'a', undefined, false, 'an absent key', 'the request sent none, the policy wants "a"'),
  on('StringEquals', 'a*', 'abc', false, 'a star is a star'),
  on('StringEquals', 'a*', 'a*', true, 'a star equals a star'),
  on('StringEquals', [], 'a', false, 'no value is no value', 'the request sent "a", the policy wants one of no values'),
  on('StringEquals', '', '', true, 'empty text equals empty text'),
  on('StringEquals', 5, '5', true, 'a number in the policy is its text'),
  on('StringEquals', true, 'true', true, 'a truth value in the policy is its text'),
  on(
    'StringEquals',
    'a',
    'b\nc',
    false,
    'a line break in a value stays in its quotes',
    'the request sent "b\\nc", the policy wants "a"',
  ),
  on(
    'StringEquals',
    ['1', '2', '3', '4', '5', '6', '7'],
    '8',
    false,
    'a long list is shortened',
    'the request sent "8", the policy wants "1" or "2" or "3" or "4" or … (3 more)',
  ),
  on('StringNotEquals', 'a', 'b', true, 'another text'),
  on('StringNotEquals', 'a', 'a', false, 'the same text', 'the request sent "a", the policy wants anything but "a"'),
  on('StringNotEquals', ['a', 'b'], 'b', false, 'none of several may match'),
  on('StringNotEquals', 'a', undefined, true, 'an absent key'),
  on('StringEqualsIgnoreCase', 'Ab', 'aB', true, 'ignores case'),
  on(
    'StringEqualsIgnoreCase',
    'ab',
    'a',
    false,
    'another text',
    'the request sent "a", the policy wants in any case "ab"',
  ),
  on('StringNotEqualsIgnoreCase', 'Ab', 'aB', false, 'ignores case'),
  on('StringNotEqualsIgnoreCase', 'Ab', undefined, true, 'an absent key'),
  on('StringLike', 'a*c', 'abbc', true, 'a star'),
  on(
    'StringLike',
    'a?c',
    'abbc',
    false,
    'a question mark is one character',
    'the request sent "abbc", the policy wants text like "a?c"',
  ),
  on('StringLike', 'a*', 'A', false, 'minds case'),
  on('StringLike', '*', '', true, 'a star may be nothing'),
  on('StringLike', '*', undefined, false, 'an absent key is not like anything'),
  on('StringNotLike', 'a*', 'b', true, 'another text'),
  on('StringNotLike', ['x', 'a*'], 'abc', false, 'none of several may match'),
  on('StringNotLike', 'a*', undefined, true, 'an absent key'),
]

const role = 'arn:aws:iam::111111111111:role/team/Caller'
const arns: readonly ConditionCase[] = [
  on('ArnEquals', role, role, true, 'the same ARN'),
  on('ArnEquals', 'arn:aws:iam::*:role/*', role, true, 'takes wildcards like ArnLike'),
  on('ArnLike', 'arn:aws:iam::111111111111:role/*', role, true, 'a star spans slashes'),
  on(
    'ArnLike',
    'arn:aws:sqs:*:111111111111:queue',
    'arn:aws:sqs:eu-central-1:222222222222:111111111111:queue',
    false,
    'a star does not span the colons of the first sections',
  ),
  on(
    'ArnLike',
    'arn:aws:iam::111111111111:ROLE/*',
    role,
    false,
    'minds case',
    `the request sent "${role}", the policy wants an ARN like "arn:aws:iam::111111111111:ROLE/*"`,
  ),
  on('ArnLike', '*', role, true, 'a lone star is any ARN'),
  on('ArnLike', 'arn:aws:iam::*:*', 'no ARN', false, 'what is no ARN is not like one'),
  on('ArnLike', 'arn:aws:iam::*:*', undefined, false, 'an absent key'),
  on('ArnNotEquals', role, role, false, 'the same ARN'),
  on('ArnNotLike', 'arn:aws:iam::*:user/*', role, true, 'another ARN'),
  on('ArnNotLike', role, undefined, true, 'an absent key'),
]

const numbers: readonly ConditionCase[] = [
  on('NumericEquals', '10', '10.0', true, 'compares numbers, not texts'),
  on('NumericEquals', 10, '10', true, 'takes a JSON number'),
  on('NumericEquals', '10', 'ten', false, 'what is no number equals none'),
  on('NumericEquals', '10', '0xa', false, 'hexadecimal is no number'),
  on('NumericNotEquals', '10', '10', false, 'the same number'),
  on('NumericNotEquals', '10', 'ten', true, 'what is no number equals none'),
  on('NumericNotEquals', '10', undefined, true, 'an absent key'),
  on('NumericLessThan', '10', '9.5', true, 'a smaller number'),
  on(
    'NumericLessThan',
    '10',
    '10',
    false,
    'the number itself',
    'the request sent "10", the policy wants a number less than "10"',
  ),
  on('NumericLessThanEquals', '10', '10', true, 'the number itself'),
  on('NumericLessThanEquals', '10', '11', false, 'a greater number'),
  on('NumericGreaterThan', '-1', '0', true, 'a greater number'),
  on('NumericGreaterThan', '0', '0', false, 'the number itself'),
  on('NumericGreaterThanEquals', '0', '0', true, 'the number itself'),
  on('NumericGreaterThanEquals', '0', undefined, false, 'an absent key'),
]

const noon = '2026-01-15T12:00:00Z'
const dates: readonly ConditionCase[] = [
  on('DateEquals', noon, '2026-01-15T13:00:00+01:00', true, 'the same moment in another zone'),
  on('DateEquals', noon, '1768478400', true, 'seconds since 1970 are a date'),
  on('DateEquals', '2026', '2026-01-01T00:00:00Z', true, 'four digits are a year'),
  on('DateNotEquals', noon, noon, false, 'the same moment'),
  on('DateLessThan', noon, '2026-01-15T11:59:59.999Z', true, 'an earlier moment'),
  on(
    'DateLessThan',
    noon,
    noon,
    false,
    'the moment itself',
    `the request sent "${noon}", the policy wants a date before "${noon}"`,
  ),
  on('DateLessThanEquals', noon, noon, true, 'the moment itself'),
  on('DateGreaterThan', '2026-01-15', noon, true, 'a date without time is its midnight'),
  on('DateGreaterThan', noon, 'tomorrow', false, 'what is no date is not after one'),
  on('DateGreaterThanEquals', noon, noon, true, 'the moment itself'),
]

const others: readonly ConditionCase[] = [
  on('Bool', 'true', 'true', true, 'true is true'),
  on('Bool', true, 'true', true, 'a JSON true is true'),
  on('Bool', 'TRUE', 'true', true, 'ignores case'),
  on('Bool', 'true', 'false', false, 'false is not true', 'the request sent "false", the policy wants "true"'),
  on('Bool', 'false', 'no', false, 'what is no truth value is neither'),
  on('Bool', 'false', undefined, false, 'an absent key is not false'),
  on('BinaryEquals', 'QmluYXJ5', 'QmluYXJ5', true, 'the same bytes'),
  on('BinaryEquals', 'QmluYXJ5', 'QmluYXJ', false, 'what is not base64 is no bytes'),
  on('BinaryEquals', 'QmluYXJ5', 'Ymlub3J5', false, 'other bytes'),
  on('IpAddress', '203.0.113.0/24', '203.0.113.77', true, 'an address of the range'),
  on(
    'IpAddress',
    '203.0.113.0/24',
    '203.0.114.1',
    false,
    'an address out of the range',
    'the request sent "203.0.114.1", the policy wants an address within "203.0.113.0/24"',
  ),
  on('IpAddress', '203.0.113.7', '203.0.113.7', true, 'a bare address is itself'),
  on('IpAddress', '203.0.113.7', '203.0.113.8', false, 'a bare address is no other'),
  on('IpAddress', '0.0.0.0/0', '198.51.100.1', true, 'every IPv4 address'),
  on('IpAddress', '2001:db8::/32', '2001:db8:1::1', true, 'an IPv6 address of the range'),
  on('IpAddress', '2001:db8::1', '2001:DB8:0::1', true, 'an IPv6 address in another spelling'),
  on('IpAddress', '::/0', '198.51.100.1', false, 'an IPv4 address is of no IPv6 range'),
  on('IpAddress', '127.0.0.0/8', '::ffff:127.0.0.1', true, 'an IPv4 address in the clothes of IPv6'),
  on('IpAddress', '0.0.0.0/0', 'localhost', false, 'a name is no address'),
  on('IpAddress', 'fe80::/10', 'fe80::1%eth0', false, 'a zone is no part of an address'),
  on('IpAddress', ['10.0.0.0/8', '192.0.2.0/24'], '192.0.2.1', true, 'one range of several is enough'),
  on('NotIpAddress', '203.0.113.0/24', '203.0.114.1', true, 'an address out of the range'),
  on('NotIpAddress', ['10.0.0.0/8', '203.0.113.0/24'], '203.0.113.1', false, 'none of several may match'),
  on('NotIpAddress', '203.0.113.0/24', undefined, true, 'an absent key'),
  on('Null', 'true', undefined, true, 'true wants the key absent'),
  on('Null', 'true', 'x', false, 'true and a present key', 'the request sent "x", the policy wants none'),
  on('Null', 'true', [], true, 'a key without values is absent'),
  on('Null', false, 'x', true, 'false wants the key present'),
  on('Null', 'false', undefined, false, 'false and an absent key', 'the request sent none, the policy wants any'),
]

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists */
const ifExists: readonly ConditionCase[] = [
  on('StringEqualsIfExists', 'a', undefined, true, 'an absent key'),
  on('StringEqualsIfExists', 'a', 'b', false, 'a present key that differs'),
  on('StringNotEqualsIfExists', 'a', undefined, true, 'an absent key'),
  on('StringNotEqualsIfExists', 'a', 'a', false, 'a present key that matches'),
  on('BoolIfExists', 'true', undefined, true, 'an absent key'),
  on('IpAddressIfExists', '10.0.0.0/8', undefined, true, 'an absent key'),
  on('NumericLessThanIfExists', '10', '11', false, 'a present key that differs'),
  on('ArnLikeIfExists', 'arn:aws:iam::*:*', undefined, true, 'an absent key'),
  on('StringEqualsIfExists', [], undefined, true, 'no value and an absent key'),
  on('StringEqualsIfExists', [], 'a', false, 'no value and a present key'),
]

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html */
const sets: readonly ConditionCase[] = [
  on('ForAllValues:StringEquals', ['a', 'b'], ['a', 'b', 'a'], true, 'every value is listed'),
  on(
    'ForAllValues:StringEquals',
    ['a', 'b'],
    ['a', 'c'],
    false,
    'one value is not',
    'the request sent ["a", "c"], the policy wants each to be "a" or "b"',
  ),
  on('ForAllValues:StringEquals', 'a', undefined, true, 'an absent key'),
  on('ForAllValues:StringEquals', 'a', [], true, 'a key without values'),
  on('ForAllValues:StringEquals', 'a', '', true, 'an empty text is no value'),
  on('ForAllValues:StringEquals', [], ['a'], false, 'no listed value'),
  on('ForAllValues:StringEquals', [], undefined, true, 'no listed value and an absent key'),
  on('ForAllValues:StringLike', 'team-*', ['team-a', 'team-b'], true, 'wildcards'),
  on('ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'd'], true, 'no value is listed'),
  on('ForAllValues:StringNotEquals', ['a', 'b'], ['c', 'b'], false, 'one value is listed'),
  on('ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true, 'one value is listed'),
  on(
    'ForAnyValue:StringEquals',
    ['a', 'b'],
    ['c', 'd'],
    false,
    'no value is',
    'the request sent ["c", "d"], the policy wants at least one to be "a" or "b"',
  ),
  on('ForAnyValue:StringEquals', 'a', undefined, false, 'an absent key'),
  on('ForAnyValue:StringEquals', '', '', false, 'an empty text is no value'),
  on('ForAnyValue:StringNotEquals', 'a', ['a', 'b'], true, 'one value is not listed'),
  on('ForAnyValue:StringNotEquals', 'a', ['a', 'a'], false, 'every value is listed'),
  on('ForAnyValue:StringNotEquals', 'a', undefined, false, 'an absent key'),
  on('ForAnyValue:StringEqualsIfExists', 'a', undefined, true, 'an absent key'),
  on('ForAnyValue:StringEqualsIfExists', 'a', ['b'], false, 'a present key that differs'),
  on('ForAnyValue:NumericGreaterThan', '5', ['1', '6'], true, 'numbers'),
  on('ForAllValues:Bool', 'true', ['true', 'false'], false, 'truth values'),
]

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html */
const blocks: readonly ConditionCase[] = [
  { title: 'an empty Condition holds', condition: {}, context: {}, holds: true },
  { title: 'an operator without keys holds', condition: { StringEquals: {} }, context: {}, holds: true },
  {
    title: 'all keys of an operator must match',
    condition: { StringEquals: { 'app:A': 'a', 'app:B': 'b' } },
    context: { 'app:A': 'a', 'app:B': 'x' },
    holds: false,
    reason: 'StringEquals app:B: the request sent "x", the policy wants "b"',
  },
  {
    title: 'all operators must match',
    condition: { StringEquals: { 'app:A': 'a' }, NumericLessThan: { 'app:N': '5' } },
    context: { 'app:A': 'a', 'app:N': '9' },
    holds: false,
    reason: 'NumericLessThan app:N: the request sent "9", the policy wants a number less than "5"',
  },
  {
    title: 'operators that all match hold',
    condition: { StringEquals: { 'app:A': 'a' }, NumericLessThan: { 'app:N': '5' } },
    context: { 'app:A': 'a', 'app:N': '4' },
    holds: true,
  },
  {
    title: 'the names of keys ignore case',
    condition: { StringEquals: { 'APP:key': 'a' } },
    context: { 'app:KEY': 'a' },
    holds: true,
  },
  {
    title: 'Null pairs with ForAllValues to demand a value',
    condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'team' }, Null: { 'aws:TagKeys': 'false' } },
    context: {},
    holds: false,
    reason: 'Null aws:TagKeys: the request sent none, the policy wants any',
  },
]

export const conditionCases: readonly ConditionCase[] = [
  ...text,
  ...arns,
  ...numbers,
  ...dates,
  ...others,
  ...ifExists,
  ...sets,
  ...blocks,
]
