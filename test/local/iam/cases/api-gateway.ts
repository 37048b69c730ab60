import type { PolicyType, Principal } from '../../../../local/iam/index.ts'
import type { DecisionCase } from './decision-case.ts'
import { apiArn, home, other, policiesByEffect, policy, session } from './test-principals.ts'

type PolicyEffect = keyof typeof policiesByEffect
type Outcome = 'allow' | 'implicit deny' | 'explicit deny'
type DenyingPolicyType = PolicyType | undefined

/**
 * Identity-based policy and resource policy of a REST API with AWS_IAM, in the caller's account and in another.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
const table: readonly [
  identity: PolicyEffect,
  resource: PolicyEffect | 'is absent',
  same: [Outcome, DenyingPolicyType?],
  other: [Outcome, DenyingPolicyType?],
][] = [
  ['allows', 'allows', ['allow'], ['allow']],
  ['allows', 'is silent', ['allow'], ['implicit deny', 'resource-based']],
  ['allows', 'is absent', ['allow'], ['implicit deny', 'resource-based']],
  ['allows', 'denies', ['explicit deny', 'resource-based'], ['explicit deny', 'resource-based']],
  ['is silent', 'allows', ['allow'], ['implicit deny', 'identity-based']],
  ['is silent', 'is silent', ['implicit deny', 'identity-based'], ['implicit deny', 'identity-based']],
  ['is silent', 'is absent', ['implicit deny', 'identity-based'], ['implicit deny', 'identity-based']],
  ['is silent', 'denies', ['explicit deny', 'resource-based'], ['explicit deny', 'resource-based']],
  ['denies', 'allows', ['explicit deny', 'identity-based'], ['explicit deny', 'identity-based']],
  ['denies', 'is silent', ['explicit deny', 'identity-based'], ['explicit deny', 'identity-based']],
  ['denies', 'is absent', ['explicit deny', 'identity-based'], ['explicit deny', 'identity-based']],
  ['denies', 'denies', ['explicit deny', 'resource-based'], ['explicit deny', 'resource-based']],
]

const resourcePolicy = (say: PolicyEffect, caller: Principal) =>
  policy('resource policy of the API', {
    Effect: say === 'denies' ? 'Deny' : 'Allow',
    Principal: { AWS: caller.principalArn },
    Action: say === 'is silent' ? 'execute-api:ManageConnections' : 'execute-api:Invoke',
    Resource: apiArn,
  })

const suffixes: Readonly<Record<string, string>> = {
  'implicit deny by identity-based': ' because no identity-based policy allows the execute-api:Invoke action',
  'implicit deny by resource-based': ' because no resource-based policy allows the execute-api:Invoke action',
  'explicit deny by identity-based': ' with an explicit deny in an identity-based policy',
  'explicit deny by resource-based': ' with an explicit deny in a resource-based policy',
}

export const apiGatewayCases: readonly DecisionCase[] = table.flatMap(([identity, resource, same, across]) =>
  [
    { accountId: home, whose: 'its own account', expected: same },
    { accountId: other, whose: 'another account', expected: across },
  ].map(({ accountId, whose, expected: [kind, deniedBy] }): DecisionCase => {
    const caller = session({ accountId, identityPolicies: [policiesByEffect[identity]('routes of Caller')] })
    return {
      title: `where the identity policy ${identity} and the resource policy ${resource}, an API of ${whose} gives: ${kind}`,
      request: {
        principal: caller,
        action: 'execute-api:Invoke',
        resource: apiArn,
        resourceAccount: home,
        ...(resource !== 'is absent' && { resourcePolicy: resourcePolicy(resource, caller) }),
      },
      kind,
      ...(deniedBy && { deniedBy }),
      ...(deniedBy && { suffix: suffixes[`${kind} by ${deniedBy}`] ?? 'a suffix is missing in the table' }),
    }
  }),
)
