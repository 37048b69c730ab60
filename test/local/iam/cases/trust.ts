import type { AccessRequest, NamedPolicy, PolicyType, Principal } from '../../../../local/iam/index.ts'
import type { DecisionCase } from './decision-case.ts'
import { home, other, policy, roleArn, root, session, user } from './test-principals.ts'

const trust = (...statements: readonly object[]) => ({
  ...policy('trust policy of role Target', ...statements),
  kind: 'role trust' as const,
})

const trusts = (names: unknown, action: unknown = 'sts:AssumeRole', more: object = {}) =>
  trust({ Effect: 'Allow', Principal: names, Action: action, ...more })

const mayAssume = policy('may assume', { Effect: 'Allow', Action: 'sts:*', Resource: `arn:aws:iam::${home}:role/*` })
const mayNot = policy('may not assume', { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' })
const speaksOfElse = policy('may read', { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })

const assume = (
  principal: Principal,
  resourcePolicy: AccessRequest['resourcePolicy'],
  action = 'sts:AssumeRole',
  context: Record<string, string> = {},
): AccessRequest => ({
  principal,
  action,
  resource: roleArn,
  resourceAccount: home,
  ...(resourcePolicy && { resourcePolicy }),
  context,
})

type ExpectedKind = 'allow' | PolicyType

interface Row {
  readonly names: string
  readonly principal: (caller: Principal) => unknown
  /** Identity silent and allowing, in the role's account; then from another account. */
  readonly same: readonly [silent: ExpectedKind, allowing: ExpectedKind]
  readonly across: readonly [silent: ExpectedKind, allowing: ExpectedKind]
}

const enoughAlone = { same: ['allow', 'allow'], across: ['identity-based', 'allow'] } as const
const identityToo = { same: ['identity-based', 'allow'], across: ['identity-based', 'allow'] } as const
const never = { same: ['role trust', 'role trust'], across: ['role trust', 'role trust'] } as const

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html ; that a
 * trust policy always has to match: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html
 */
const rows: readonly Row[] = [
  { names: 'the exact ARN', principal: ({ principalArn }) => ({ AWS: principalArn }), ...enoughAlone },
  { names: 'the account id', principal: ({ accountId }) => ({ AWS: accountId }), ...identityToo },
  {
    names: 'the root of the account',
    principal: ({ accountId }) => ({ AWS: `arn:aws:iam::${accountId}:root` }),
    ...identityToo,
  },
  { names: 'everyone', principal: () => ({ AWS: '*' }), ...enoughAlone },
  {
    names: 'another principal',
    principal: ({ accountId }) => ({ AWS: `arn:aws:iam::${accountId}:role/Caller` }),
    ...never,
  },
  { names: 'a service', principal: () => ({ Service: 'lambda.amazonaws.com' }), ...never },
  { names: 'another account', principal: () => ({ AWS: '333333333333' }), ...never },
  { names: 'no principal', principal: () => ({ AWS: [] }), ...never },
]

const sessionRows: readonly Row[] = [
  { names: 'the session', principal: ({ arn }) => ({ AWS: arn }), ...enoughAlone },
  { names: 'another session of the role', principal: ({ arn }) => ({ AWS: `${arn}-shift` }), ...never },
  {
    names: 'the role without its path',
    principal: ({ accountId }) => ({ AWS: `arn:aws:iam::${accountId}:role/Caller` }),
    ...never,
  },
]

const callers = [
  { who: 'a user', make: user, rows },
  { who: 'a role session', make: session, rows: [...rows, ...sessionRows] },
]

const tableCases: readonly DecisionCase[] = callers.flatMap(({ who, make, rows: all }) =>
  all.flatMap(({ names, principal, same, across }) =>
    [
      { accountId: home, where: 'in its own account', verdicts: same },
      { accountId: other, where: 'from another account', verdicts: across },
    ].flatMap(({ accountId, where, verdicts }) =>
      verdicts.map((verdict, index): DecisionCase => {
        const identityPolicies: NamedPolicy[] = [index === 0 ? speaksOfElse : mayAssume]
        const caller = make({ accountId, identityPolicies })
        const effect = index === 0 ? 'silent' : 'allowing'
        return {
          title: `${who} ${where} with a ${effect} identity policy, where the trust names ${names}: ${verdict === 'allow' ? 'may assume' : `rejected by ${verdict}`}`,
          request: assume(caller, trusts(principal(caller))),
          ...(verdict === 'allow'
            ? { kind: 'allow' }
            : {
                kind: 'implicit deny',
                deniedBy: verdict,
                suffix: ` because no ${verdict} policy allows the sts:AssumeRole action`,
              }),
        }
      }),
    ),
  ),
)

const externalId = { Condition: { StringEquals: { 'sts:ExternalId': 'ABC12345_SFCRole=2_x=' } } }
const snowflake = user({
  accountId: other,
  arn: `arn:aws:iam::${other}:user/abcd-s`,
  principalArn: `arn:aws:iam::${other}:user/abcd-s`,
  identityPolicies: [mayAssume],
})
const callerRoleTrust = trusts({ AWS: snowflake.arn }, 'sts:AssumeRole', externalId)
const self = session({
  arn: `arn:aws:sts::${home}:assumed-role/Target/x`,
  principalArn: roleArn,
  identityPolicies: [mayAssume],
})

export const trustCases: readonly DecisionCase[] = [
  ...tableCases,
  {
    title: 'the right external id is allowed',
    request: assume(snowflake, callerRoleTrust, 'sts:AssumeRole', { 'sts:ExternalId': 'ABC12345_SFCRole=2_x=' }),
    kind: 'allow',
  },
  {
    title: 'a missing external id is denied, and the fix is to send it',
    request: assume(snowflake, callerRoleTrust),
    kind: 'implicit deny',
    deniedBy: 'role trust',
    steps: [
      {
        policyType: 'role trust',
        policy: 'trust policy of role Target',
        statement: 'statement 1',
        outcome: 'does not match',
        reason: 'StringEquals sts:ExternalId: the request sent none, the policy wants "ABC12345_SFCRole=2_x="',
      },
      {
        policyType: 'identity-based',
        policy: 'may assume',
        statement: 'statement 1',
        outcome: 'allows',
        reason: `action sts:AssumeRole is covered by "sts:*"; resource ${roleArn} is covered by "arn:aws:iam::${home}:role/*"`,
      },
    ],
    fix: `Call so that sts:ExternalId is "ABC12345_SFCRole=2_x=", as statement 1 of trust policy of role Target (account ${home}) demands.`,
  },
  {
    title: 'an external id in another case is denied',
    request: assume(snowflake, callerRoleTrust, 'sts:AssumeRole', { 'sts:ExternalId': 'abc12345_sfcrole=2_x=' }),
    kind: 'implicit deny',
    deniedBy: 'role trust',
    fix: `Call so that sts:ExternalId is "ABC12345_SFCRole=2_x=", as statement 1 of trust policy of role Target (account ${home}) demands.`,
  },
  {
    title:
      'a trust of the account with an unmet condition needs the condition met and an identity policy, and the remedy says both',
    request: assume(user(), trusts({ AWS: home }, 'sts:AssumeRole', externalId)),
    kind: 'implicit deny',
    deniedBy: 'role trust',
    fix: `Call so that sts:ExternalId is "ABC12345_SFCRole=2_x=", as statement 1 of trust policy of role Target (account ${home}) demands. Add {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"${roleArn}"} to the identity-based policies of arn:aws:iam::${home}:user/staff/alice (account ${home}).`,
  },
  {
    title: 'an untrusted caller reads which statement to add to which trust policy',
    request: assume(session({ accountId: other, identityPolicies: [mayAssume] }), callerRoleTrust),
    kind: 'implicit deny',
    deniedBy: 'role trust',
    fix: `Add {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${other}:role/team/Caller"},"Action":"sts:AssumeRole"} to trust policy of role Target (account ${home}).`,
  },
  {
    title: 'a deny in the trust policy wins over its allow, and is named as the role trust policy',
    request: assume(
      user(),
      trust(
        { Effect: 'Allow', Principal: { AWS: home }, Action: 'sts:AssumeRole' },
        { Sid: 'NotAlice', Effect: 'Deny', Principal: { AWS: user().arn }, Action: 'sts:AssumeRole' },
      ),
    ),
    kind: 'explicit deny',
    deniedBy: 'role trust',
    suffix: ' with an explicit deny in the role trust policy',
  },
  {
    title: 'a deny in the identity policy wins over a trust of the exact ARN',
    request: assume(user({ identityPolicies: [mayNot] }), trusts({ AWS: user().arn })),
    kind: 'explicit deny',
    deniedBy: 'identity-based',
  },
  ...['sts:TagSession', 'sts:SetSourceIdentity'].flatMap((action): DecisionCase[] => [
    {
      title: `a trust that allows sts:AssumeRole only does not allow ${action}, whatever the identity policy says`,
      request: assume(user({ identityPolicies: [mayAssume] }), trusts({ AWS: user().arn }), action),
      kind: 'implicit deny',
      deniedBy: 'role trust',
      suffix: ` because no role trust policy allows the ${action} action`,
    },
    {
      title: `a trust that allows ${action} to the exact ARN is enough alone in its account`,
      request: assume(user(), trusts({ AWS: user().arn }, ['sts:AssumeRole', action]), action),
      kind: 'allow',
    },
  ]),
  {
    title: 'a role is not assumed by its own session unless its trust names it',
    request: assume(self, trusts({ Service: 'lambda.amazonaws.com' })),
    kind: 'implicit deny',
    deniedBy: 'role trust',
  },
  {
    title: 'a role that its trust names is assumed by its own session',
    request: assume(self, trusts({ AWS: roleArn })),
    kind: 'allow',
  },
  {
    title: 'a role without a trust policy (one that does not exist) trusts no principal',
    request: assume(user({ identityPolicies: [mayAssume] }), undefined),
    kind: 'implicit deny',
    deniedBy: 'role trust',
    suffix: ' because no role trust policy allows the sts:AssumeRole action',
    fix: `Add {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${home}:user/staff/alice"},"Action":"sts:AssumeRole"} to a new role trust policy of ${roleArn} (account ${home}).`,
  },
  {
    title: 'a session policy that does not speak of sts:AssumeRole keeps a session from a role that trusts its role',
    request: assume(session({ sessionPolicies: [speaksOfElse] }), trusts({ AWS: session().principalArn })),
    kind: 'implicit deny',
    deniedBy: 'session',
  },
  {
    title: 'a service assumes a role whose trust names it, without any policy of its own',
    request: {
      principal: { service: 'lambda.amazonaws.com' },
      action: 'sts:AssumeRole',
      resource: roleArn,
      resourceAccount: home,
      resourcePolicy: trusts({ Service: ['edgelambda.amazonaws.com', 'lambda.amazonaws.com'] }),
    },
    kind: 'allow',
  },
  {
    title: 'a root user of another account is not allowed by a trust policy of another principal',
    request: assume(root({ accountId: other }), trusts({ AWS: user({ accountId: other }).arn })),
    kind: 'implicit deny',
    deniedBy: 'role trust',
  },
]
