import type { PolicyType, Principal } from '../../../../local/iam/index.ts'
import type { DecisionCase } from './decision-case.ts'
import { apiArn, home, other, policiesByEffect, policy, session, user } from './test-principals.ts'

/**
 * What a resource-based Allow is worth in the principal's own account: which silent policies of the principal still
 * limit it. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html ,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
interface Row {
  readonly names: string
  readonly caller: (overrides: Partial<Principal>) => Principal
  readonly statement: (caller: Principal) => object
  readonly limitedBy: readonly PolicyType[]
}

const all = ['identity-based', 'permissions boundary', 'session'] as const
const limits = ['permissions boundary', 'session'] as const
const named = (name: (caller: Principal) => string) => (caller: Principal) => ({ Principal: { AWS: name(caller) } })

const rows: readonly Row[] = [
  { names: 'the account id', caller: session, statement: named(({ accountId }) => accountId), limitedBy: all },
  {
    names: 'the root of the account',
    caller: session,
    statement: named(({ accountId }) => `arn:aws:iam::${accountId}:root`),
    limitedBy: all,
  },
  { names: 'the role', caller: session, statement: named(({ principalArn }) => principalArn), limitedBy: limits },
  { names: 'the role session', caller: session, statement: named(({ arn }) => arn), limitedBy: [] },
  { names: 'the user', caller: user, statement: named(({ arn }) => arn), limitedBy: [] },
  { names: 'everyone', caller: session, statement: () => ({ Principal: '*' }), limitedBy: [] },
  {
    names: 'everyone with the ARN of the role as condition',
    caller: session,
    statement: ({ principalArn }) => ({
      Principal: { AWS: '*' },
      Condition: { ArnEquals: { 'aws:PrincipalArn': principalArn } },
    }),
    limitedBy: [],
  },
  {
    names: 'account and role at once',
    caller: session,
    statement: ({ accountId, principalArn }) => ({ Principal: { AWS: [accountId, principalArn] } }),
    limitedBy: limits,
  },
  {
    names: 'role and session at once',
    caller: session,
    statement: ({ arn, principalArn }) => ({ Principal: { AWS: [principalArn, arn] } }),
    limitedBy: [],
  },
]

/** The principal's policies, all allowing but one. */
const policies = (type: PolicyType, say: keyof typeof policiesByEffect): Partial<Principal> => {
  const saying = (of: PolicyType) => policiesByEffect[of === type ? say : 'allows'](`${of} of the caller`)
  return {
    identityPolicies: [saying('identity-based')],
    permissionsBoundary: saying('permissions boundary'),
    sessionPolicies: [saying('session')],
  }
}

export const resourceGrantCases: readonly DecisionCase[] = rows.flatMap(({ names, caller, statement, limitedBy }) =>
  all.flatMap((type): DecisionCase[] => {
    const request = (principal: Principal) => ({
      principal,
      action: 'execute-api:Invoke',
      resource: apiArn,
      resourceAccount: home,
      resourcePolicy: policy('resource policy of the API', {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: '*',
        ...statement(principal),
      }),
    })
    const isLimited = limitedBy.includes(type)
    return [
      {
        title: `a grant to ${names} is ${isLimited ? '' : 'not '}limited by a silent ${type} policy`,
        request: request(caller(policies(type, 'is silent'))),
        ...(isLimited ? { kind: 'implicit deny', deniedBy: type } : { kind: 'allow' }),
      },
      {
        title: `a grant to ${names} does not outweigh a deny in the ${type} policy`,
        request: request(caller(policies(type, 'denies'))),
        kind: 'explicit deny',
        deniedBy: type,
      },
      {
        title: `a grant to ${names} across accounts is limited by a silent ${type} policy`,
        request: request(caller({ accountId: other, ...policies(type, 'is silent') })),
        kind: 'implicit deny',
        deniedBy: type,
      },
    ]
  }),
)
