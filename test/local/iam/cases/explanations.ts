import type { AccessRequest, Principal } from '../../../../local/iam/index.ts'
import type { DecisionCase } from './decision-case.ts'
import { apiArn, home, other, policiesByEffect, policy, session } from './test-principals.ts'

const call = (principal: Principal, ...statements: readonly object[]): AccessRequest => ({
  principal,
  action: 'execute-api:Invoke',
  resource: apiArn,
  resourceAccount: home,
  ...(statements.length > 0 && { resourcePolicy: policy('resource policy of the API', ...statements) }),
})

const callerSession = session({ identityPolicies: [policiesByEffect.allows('routes of Caller')] })
const stranger = session({
  arn: `arn:aws:sts::${home}:assumed-role/Stranger/x`,
  principalArn: `arn:aws:iam::${home}:role/Stranger`,
  identityPolicies: [policiesByEffect.allows('routes of Stranger')],
})
const invoke = { Action: 'execute-api:Invoke', Resource: '*' }
const resourcePolicy = [
  { Sid: 'Doors', Effect: 'Allow', Principal: { AWS: callerSession.principalArn }, ...invoke },
  {
    Sid: 'NobodyElse',
    Effect: 'Deny',
    Principal: '*',
    ...invoke,
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': callerSession.principalArn } },
  },
  { Effect: 'Allow', Principal: '*', Action: 'execute-api:ManageConnections', Resource: '*' },
]
const add = `{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"${apiArn}"}`
const identityOf = (accountId: string) =>
  `the identity-based policies of arn:aws:iam::${accountId}:role/team/Caller (account ${accountId})`

export const explanationCases: readonly DecisionCase[] = [
  {
    title: 'who is allowed reads which statements did it, and that the deny did not match',
    request: call(callerSession, ...resourcePolicy),
    kind: 'allow',
    steps: [
      {
        policyType: 'resource-based',
        policy: 'resource policy of the API',
        statement: 'Doors',
        outcome: 'allows',
        reason: [
          'action execute-api:Invoke is covered by "execute-api:Invoke"',
          `principal arn:aws:sts::${home}:assumed-role/Caller/morning (role ${callerSession.principalArn}) is named by ${callerSession.principalArn}`,
          `resource ${apiArn} is covered by "*"`,
          'a grant to the role is still limited by permissions boundary and session policy',
        ].join('; '),
      },
      {
        policyType: 'resource-based',
        policy: 'resource policy of the API',
        statement: 'NobodyElse',
        outcome: 'does not match',
        reason: `ArnNotEquals aws:PrincipalArn: the request sent "${callerSession.principalArn}", the policy wants anything but an ARN like "${callerSession.principalArn}"`,
      },
      {
        policyType: 'identity-based',
        policy: 'routes of Caller',
        statement: 'statement 1',
        outcome: 'allows',
        reason: `action execute-api:Invoke is covered by "execute-api:Invoke"; resource ${apiArn} is covered by "arn:aws:execute-api:*:${home}:*"`,
      },
    ],
  },
  {
    title: 'who is denied reads which deny to narrow and whom it spares',
    request: call(stranger, ...resourcePolicy),
    kind: 'explicit deny',
    deniedBy: 'resource-based',
    fix: `Narrow the Deny in statement "NobodyElse" of resource policy of the API (account ${home}) so that it does not cover arn:aws:sts::${home}:assumed-role/Stranger/x (role arn:aws:iam::${home}:role/Stranger) calling execute-api:Invoke on ${apiArn}; it spares calls in which aws:PrincipalArn is an ARN like "${callerSession.principalArn}".`,
  },
  {
    title: 'a deny of TLS says what it spares',
    request: {
      ...call(callerSession, {
        Effect: 'Deny',
        Principal: '*',
        ...invoke,
        Condition: { Bool: { 'aws:SecureTransport': false }, Null: { 'aws:TokenIssueTime': false } },
      }),
      context: { 'aws:SecureTransport': 'false' },
    },
    kind: 'explicit deny',
    deniedBy: 'resource-based',
    fix: `Narrow the Deny in statement 1 of resource policy of the API (account ${home}) so that it does not cover arn:aws:sts::${home}:assumed-role/Caller/morning (role ${callerSession.principalArn}) calling execute-api:Invoke on ${apiArn}; it spares calls in which aws:SecureTransport is anything but "false" or aws:TokenIssueTime is absent.`,
  },
  {
    title: 'a deny of a set of values says what it spares',
    request: {
      ...call(callerSession, {
        Effect: 'Deny',
        Principal: '*',
        ...invoke,
        Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'cost' } },
      }),
      context: { 'aws:TagKeys': ['team', 'cost'] },
    },
    kind: 'explicit deny',
    deniedBy: 'resource-based',
    fix: `Narrow the Deny in statement 1 of resource policy of the API (account ${home}) so that it does not cover arn:aws:sts::${home}:assumed-role/Caller/morning (role ${callerSession.principalArn}) calling execute-api:Invoke on ${apiArn}; it spares calls in which not at least one aws:TagKeys is "cost".`,
  },
  {
    title: 'who is denied and not allowed either reads both remedies',
    request: call(session({ identityPolicies: [policiesByEffect.denies('keep out')] })),
    kind: 'explicit deny',
    deniedBy: 'identity-based',
    fix: `Narrow the Deny in statement 1 of keep out (account ${home}) so that it does not cover arn:aws:sts::${home}:assumed-role/Caller/morning (role arn:aws:iam::${home}:role/team/Caller) calling execute-api:Invoke on ${apiArn}. Add ${add} to ${identityOf(home)}.`,
  },
  {
    title: 'where several policy types deny, the resource policy is named before the identity policy',
    request: call(session({ identityPolicies: [policiesByEffect.denies('keep out')] }), {
      Effect: 'Deny',
      Principal: '*',
      ...invoke,
    }),
    kind: 'explicit deny',
    deniedBy: 'resource-based',
  },
  {
    title: 'where boundary and session policy deny, the boundary is named',
    request: call(
      session({
        identityPolicies: [policiesByEffect.allows('routes')],
        permissionsBoundary: policiesByEffect.denies('boundary'),
        sessionPolicies: [policiesByEffect.denies('session policy')],
      }),
    ),
    kind: 'explicit deny',
    deniedBy: 'permissions boundary',
    suffix: ' with an explicit deny in a permissions boundary',
  },
  {
    title: 'a deny in a session policy is named as one',
    request: call(
      session({
        identityPolicies: [policiesByEffect.allows('routes')],
        sessionPolicies: [policiesByEffect.denies('narrow')],
      }),
    ),
    kind: 'explicit deny',
    deniedBy: 'session',
    suffix: ' with an explicit deny in a session policy',
  },
  {
    title: 'who has no policy at all reads that, and which statement to add where',
    request: call(session()),
    kind: 'implicit deny',
    deniedBy: 'identity-based',
    steps: [
      {
        policyType: 'resource-based',
        policy: `policy of ${apiArn}`,
        outcome: 'is absent',
        reason: `${apiArn} has no resource-based policy`,
      },
      {
        policyType: 'identity-based',
        policy: `policy of arn:aws:iam::${home}:role/team/Caller`,
        outcome: 'is absent',
        reason: `arn:aws:iam::${home}:role/team/Caller has no identity-based policy`,
      },
    ],
    fix: `Add ${add} to ${identityOf(home)}.`,
  },
  {
    title: 'who is missing on every side reads every place to add to',
    request: call(
      session({
        accountId: other,
        identityPolicies: [policy('empty')],
        permissionsBoundary: policiesByEffect['is silent']('the boundary'),
        sessionPolicies: [
          policy(
            'narrow',
            { Effect: 'Allow', Action: ['s3:*', 'sqs:*'], Resource: '*' },
            { Effect: 'Deny', Action: 'ec2:*', Resource: '*' },
          ),
        ],
      }),
    ),
    kind: 'implicit deny',
    deniedBy: 'identity-based',
    steps: [
      {
        policyType: 'resource-based',
        policy: `policy of ${apiArn}`,
        outcome: 'is absent',
        reason: `${apiArn} has no resource-based policy`,
      },
      { policyType: 'identity-based', policy: 'empty', outcome: 'is silent', reason: 'it has no statements' },
      {
        policyType: 'permissions boundary',
        policy: 'the boundary',
        outcome: 'is silent',
        reason: 'its one statement does not speak of execute-api:Invoke',
      },
      {
        policyType: 'session',
        policy: 'narrow',
        outcome: 'is silent',
        reason: 'none of its 2 statements speaks of execute-api:Invoke',
      },
    ],
    fix: `Add ${add} to ${identityOf(other)}, the boundary (account ${other}) and the session policy passed to AssumeRole. Add {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${other}:role/team/Caller"},"Action":"execute-api:Invoke","Resource":"${apiArn}"} to a new resource-based policy of ${apiArn} (account ${home}).`,
  },
  {
    title: 'who is stopped by a boundary reads to widen the boundary',
    request: call(
      session({
        identityPolicies: [policiesByEffect.allows('routes')],
        permissionsBoundary: policiesByEffect['is silent']('the boundary'),
      }),
    ),
    kind: 'implicit deny',
    deniedBy: 'permissions boundary',
    suffix: ' because no permissions boundary allows the execute-api:Invoke action',
    fix: `Add ${add} to the boundary (account ${home}).`,
  },
  {
    title: 'who is stopped by a session policy reads to widen the session policy',
    request: call(
      session({
        identityPolicies: [policiesByEffect.allows('routes')],
        sessionPolicies: [policiesByEffect['is silent']('narrow')],
      }),
    ),
    kind: 'implicit deny',
    deniedBy: 'session',
    suffix: ' because no session policy allows the execute-api:Invoke action',
    fix: `Add ${add} to the session policy passed to AssumeRole.`,
  },
  {
    title: 'who meets neither of two conditions reads both',
    request: call(
      session({
        identityPolicies: [
          policy('routes', {
            Effect: 'Allow',
            ...invoke,
            Condition: {
              StringEquals: { 'aws:PrincipalTag/team': ['red', 'blue'] },
              IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
              Null: { 'aws:SourceIdentity': 'false' },
              'ForAllValues:StringLike': { 'aws:TagKeys': 't*' },
            },
          }),
        ],
      }),
    ),
    kind: 'implicit deny',
    deniedBy: 'identity-based',
    fix: `Call so that aws:PrincipalTag/team is "red" or "blue", aws:SourceIp is an address within "10.0.0.0/8" and aws:SourceIdentity is present, as statement 1 of routes (account ${home}) demands.`,
  },
  {
    title: 'who would be allowed by the resource policy but for a condition reads the condition',
    request: call(session(), {
      Effect: 'Allow',
      Principal: { AWS: session().principalArn },
      ...invoke,
      Condition: { StringNotEquals: { 'aws:PrincipalType': 'AssumedRole' } },
    }),
    kind: 'implicit deny',
    deniedBy: 'identity-based',
    fix: `Call so that aws:PrincipalType is anything but "AssumedRole", as statement 1 of resource policy of the API (account ${home}) demands.`,
  },
  {
    title: 'a condition on a grant to the account is no remedy for a silent identity policy',
    request: call(session(), {
      Effect: 'Allow',
      Principal: { AWS: home },
      ...invoke,
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } },
    }),
    kind: 'implicit deny',
    deniedBy: 'identity-based',
    fix: `Add ${add} to ${identityOf(home)}.`,
  },
  {
    title: 'who was delegated to but not allowed reads that the grant to the account is not enough',
    request: call(session(), { Effect: 'Allow', Principal: { AWS: home }, ...invoke }),
    kind: 'implicit deny',
    deniedBy: 'identity-based',
    steps: [
      {
        policyType: 'resource-based',
        policy: 'resource policy of the API',
        statement: 'statement 1',
        outcome: 'allows',
        reason: [
          'action execute-api:Invoke is covered by "execute-api:Invoke"',
          `principal arn:aws:sts::${home}:assumed-role/Caller/morning (role arn:aws:iam::${home}:role/team/Caller) is named by ${home}`,
          `resource ${apiArn} is covered by "*"`,
          'a grant to the account leaves it to the identity-based policies there',
        ].join('; '),
      },
      {
        policyType: 'identity-based',
        policy: `policy of arn:aws:iam::${home}:role/team/Caller`,
        outcome: 'is absent',
        reason: `arn:aws:iam::${home}:role/team/Caller has no identity-based policy`,
      },
    ],
    fix: `Add ${add} to ${identityOf(home)}.`,
  },
]
