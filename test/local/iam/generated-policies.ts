import fc from 'fast-check'
import type { AccessRequest, NamedPolicy, Principal } from '../../../local/iam/index.ts'
import { propertyRuns } from '../../property-runs.ts'
import { home, other, root, session, user } from './cases/test-principals.ts'

/** Few principals and resources, so that generated policies and requests often match. */

const resources = ['a/x', 'a/y', 'b/x'].map((name) => `arn:aws:app:eu-central-1:${home}:${name}`)
const actions = ['app:Get', 'app:Put', 'sts:AssumeRole']
export const keys = ['app:A', 'app:B', 'aws:PrincipalArn', 'aws:PrincipalTag/team', 'aws:username']
const words = ['', 'a', 'b', 'ab', 'red', '5', 'true', '10.0.0.1', '2026-01-15', user().arn, session().principalArn]

export const some = <Item>(items: fc.Arbitrary<Item>, maxLength = 3) => fc.oneof(items, fc.array(items, { maxLength }))
export const pick = fc.constantFrom

const sometimes = <Item>(items: fc.Arbitrary<Item>) => fc.option(items, { nil: undefined, freq: 1 })

export const actionPattern = pick('*', 'app:*', 'app:G*', 'APP:?et', 'app:Put', 'sts:AssumeRole', 'sts:*')
export const resourcePattern = pick(
  '*',
  ...resources,
  `arn:aws:app:*:${home}:*`,
  'arn:aws:app:*:*:a/*',
  'arn:*:app:*:*:?/x',
  'arn:aws:app:*:*:${aws:PrincipalTag/team}/*',
  "arn:aws:app:*:*:${aws:PrincipalTag/team, 'a'}/*",
)
export const textValue = fc.oneof(pick(...words), pick('*', 'a*', '?', '${aws:username}', '${aws:PrincipalArn}'))
const arnValue = pick(
  '*',
  'arn:aws:iam::*:*',
  `arn:aws:iam::${home}:role/*`,
  'arn:aws:iam::*:user/*/${aws:username}',
  user().arn,
)

const suffixed = (names: readonly string[], values: fc.Arbitrary<unknown>) =>
  fc
    .tuple(pick('', 'ForAllValues:', 'ForAnyValue:'), pick(...names), pick('', 'IfExists'), pick(...keys), some(values))
    .map(([qualifier, name, suffix, key, value]) => [`${qualifier}${name}${suffix}`, { [key]: value }] as const)

export const condition = fc
  .array(
    fc.oneof(
      suffixed(['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIgnoreCase'], textValue),
      suffixed(['ArnLike', 'ArnEquals', 'ArnNotLike', 'ArnNotEquals'], arnValue),
      suffixed(
        ['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericGreaterThanEquals'],
        pick('5', 4, '-1.5'),
      ),
      suffixed(['DateLessThan', 'DateNotEquals'], pick('2026-01-15', '1768478400')),
      suffixed(['Bool'], pick('true', 'false', true)),
      suffixed(['IpAddress', 'NotIpAddress'], pick('10.0.0.0/8', '::/0')),
      pick(...keys).map((key) => ['Null', { [key]: 'true' }] as const),
    ),
    { maxLength: 2 },
  )
  .map((operators) => Object.fromEntries(operators))

const awsName = pick(
  '*',
  home,
  other,
  `arn:aws:iam::${home}:root`,
  user().arn,
  session().principalArn,
  session().arn,
  session({ accountId: other }).principalArn,
)
export const names = fc.oneof(some(awsName), pick('*')).map((AWS) => ({ AWS }))

const either = <Item>(name: string, items: fc.Arbitrary<Item>) =>
  fc
    .tuple(pick(name, name, `Not${name}`), items)
    // An empty exception is refused.
    .map(([element, value]) => ({ [Array.isArray(value) && value.length === 0 ? name : element]: value }))

export const effect = pick('Allow', 'Allow', 'Allow', 'Deny')
const body = fc
  .tuple(effect, either('Action', some(actionPattern)), sometimes(condition))
  .map(([Effect, action, Condition]) => ({ Effect, ...action, ...(Condition && { Condition }) }))
const resourceElement = either('Resource', some(resourcePattern))

const statements: Readonly<Record<'own' | 'resource-based' | 'role trust', fc.Arbitrary<object>>> = {
  own: fc.tuple(body, resourceElement).map(([rest, resource]) => ({ ...rest, ...resource })),
  'resource-based': fc
    .tuple(body, resourceElement, names, fc.boolean())
    .map(([rest, resource, Principal, negated]) => ({
      ...rest,
      ...resource,
      ...(negated && rest.Effect === 'Deny' && Principal.AWS.length > 0 ? { NotPrincipal: Principal } : { Principal }),
    })),
  'role trust': fc
    .tuple(effect, some(pick('sts:AssumeRole', 'sts:*', 'sts:TagSession')), names, sometimes(condition))
    .map(([Effect, Action, Principal, Condition]) => ({ Effect, Action, Principal, ...(Condition && { Condition }) })),
}

const policyOf = (name: string, statement: fc.Arbitrary<object>): fc.Arbitrary<NamedPolicy> =>
  fc
    .tuple(fc.array(statement, { maxLength: 4 }), pick('2012-10-17', '2012-10-17', '2008-10-17', undefined))
    .map(([Statement, Version]) => ({ name, document: { Statement, ...(Version && { Version }) } }))

export const principalPolicy = (name: string) => policyOf(name, statements.own)

const principal: fc.Arbitrary<AccessRequest['principal']> = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .record(
        {
          accountId: pick(home, home, other),
          identityPolicies: fc.array(principalPolicy('identity policy'), { maxLength: 2 }),
          permissionsBoundary: principalPolicy('boundary'),
          sessionPolicies: fc.array(principalPolicy('session policy'), { maxLength: 2 }),
          tags: fc.record({ team: pick('a', 'red', '*', '') }),
        },
        { requiredKeys: ['accountId', 'identityPolicies'] },
      )
      .chain((overrides) => pick<Principal>(user(overrides), session(overrides), session(overrides), root(overrides))),
  },
  { weight: 1, arbitrary: pick<AccessRequest['principal']>('anonymous', { service: 'app.amazonaws.com' }) },
)

const context = fc.dictionary(pick('app:A', 'APP:b', 'app:C'), pick(...words), { maxKeys: 3 })

const guard: fc.Arbitrary<Pick<AccessRequest, 'resourcePolicy'>> = fc.oneof(
  fc.constant({}),
  policyOf('resource policy', statements['resource-based']).map((resourcePolicy) => ({ resourcePolicy })),
  policyOf('trust policy', statements['role trust']).map((trust) => ({
    resourcePolicy: { ...trust, kind: 'role trust' as const },
  })),
)

export const request: fc.Arbitrary<AccessRequest> = fc
  .record({ principal, action: pick(...actions), resource: pick(...resources), context })
  .chain((asked) => guard.map((guarded) => ({ ...asked, ...guarded, resourceAccount: home })))

/** Asserts the claim for many generated values. */
export const holdsFor = <Value>(values: fc.Arbitrary<Value>, claim: (value: Value) => void, runs = 3_000) =>
  fc.assert(fc.property(values, claim), { numRuns: propertyRuns(runs) })
