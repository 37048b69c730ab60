import type { AccessRequest } from '../../../../local/iam/index.ts'
import type { DecisionCase } from './decision-case.ts'
import { apiArn, home, other, policiesByEffect, policy, root, session, user } from './test-principals.ts'

const call = (principal: AccessRequest['principal'], ...statements: readonly object[]): AccessRequest => ({
  principal,
  action: 'execute-api:Invoke',
  resource: apiArn,
  resourceAccount: home,
  ...(statements.length > 0 && { resourcePolicy: policy('resource policy of the API', ...statements) }),
  context: { 'aws:SourceIp': '203.0.113.7' },
})

const allow = (names: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Principal: names,
  Action: 'execute-api:Invoke',
  Resource: '*',
  ...more,
})

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html */
const anonymous: readonly DecisionCase[] = [
  {
    title: 'an anonymous caller is allowed by a policy for everyone',
    request: call('anonymous', allow('*')),
    kind: 'allow',
  },
  {
    title: 'an anonymous caller (a CORS preflight) is rejected by a policy that names one principal',
    request: call('anonymous', allow({ AWS: user().arn })),
    kind: 'implicit deny',
    deniedBy: 'resource-based',
    suffix: ' because no resource-based policy allows the execute-api:Invoke action',
    fix: `Add {"Effect":"Allow","Principal":{"AWS":"*"},"Action":"execute-api:Invoke","Resource":"${apiArn}"} to resource policy of the API (account ${home}).`,
  },
  {
    title: 'an anonymous caller is rejected where there is no resource policy',
    request: call('anonymous'),
    kind: 'implicit deny',
    deniedBy: 'resource-based',
    steps: [
      {
        policyType: 'resource-based',
        policy: `policy of ${apiArn}`,
        outcome: 'is absent',
        reason: `${apiArn} has no resource-based policy`,
      },
    ],
  },
  {
    title: 'an anonymous caller reads which condition it does not meet',
    request: call('anonymous', allow('*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })),
    kind: 'implicit deny',
    deniedBy: 'resource-based',
    fix: `Call so that aws:SourceIp is an address within "10.0.0.0/8", as statement 1 of resource policy of the API (account ${home}) demands.`,
  },
]

const functionArn = `arn:aws:lambda:eu-central-1:${home}:function:hello`
const sourceArn = `arn:aws:execute-api:eu-central-1:${home}:a1b2c3d4e5/*/POST/hello`
const apiGateway = (source: string | undefined): AccessRequest => ({
  principal: { service: 'apigateway.amazonaws.com' },
  action: 'lambda:InvokeFunction',
  resource: functionArn,
  resourceAccount: home,
  resourcePolicy: policy('resource policy of function hello', {
    Sid: 'api-gateway',
    Effect: 'Allow',
    Principal: { Service: 'apigateway.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: functionArn,
    Condition: { ArnLike: { 'AWS:SourceArn': sourceArn } },
  }),
  ...(source !== undefined && { context: { 'aws:SourceArn': source } }),
})

/** https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html */
const services: readonly DecisionCase[] = [
  {
    title: 'API Gateway invokes a function whose policy names it and the method',
    request: apiGateway(apiArn),
    kind: 'allow',
    steps: [
      {
        policyType: 'resource-based',
        policy: 'resource policy of function hello',
        statement: 'api-gateway',
        outcome: 'allows',
        reason: [
          'action lambda:InvokeFunction is covered by "lambda:InvokeFunction"',
          'principal apigateway.amazonaws.com is named by apigateway.amazonaws.com',
          `resource ${functionArn} is covered by "${functionArn}"`,
          `ArnLike AWS:SourceArn: the request sent "${apiArn}", the policy wants an ARN like "${sourceArn}"`,
        ].join('; '),
      },
    ],
  },
  {
    title: 'API Gateway does not invoke a function for another method',
    request: apiGateway(apiArn.replace('POST', 'GET')),
    kind: 'implicit deny',
    deniedBy: 'resource-based',
    fix: `Call so that AWS:SourceArn is an ARN like "${sourceArn}", as statement "api-gateway" of resource policy of function hello (account ${home}) demands.`,
  },
  {
    title: 'another service does not pass for API Gateway',
    request: { ...apiGateway(apiArn), principal: { service: 'events.amazonaws.com' } },
    kind: 'implicit deny',
    deniedBy: 'resource-based',
    fix: `Add {"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"${functionArn}"} to resource policy of function hello (account ${home}).`,
  },
  {
    title: 'a service is rejected where there is no resource policy',
    request: call({ service: 'apigateway.amazonaws.com' }),
    kind: 'implicit deny',
    deniedBy: 'resource-based',
  },
  {
    title: 'a deny for everyone but services spares a service',
    request: call({ service: 'apigateway.amazonaws.com' }, allow({ Service: 'apigateway.amazonaws.com' }), {
      ...allow('*', { Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } } }),
      Effect: 'Deny',
    }),
    kind: 'allow',
  },
]

const mayInvoke = policy('may invoke', {
  Effect: 'Allow',
  Action: 'lambda:InvokeFunction',
  Resource: `${functionArn}*`,
})
const directly = (principal: AccessRequest['principal'], ...names: readonly string[]): AccessRequest => ({
  principal,
  action: 'lambda:InvokeFunction',
  resource: functionArn,
  resourceAccount: home,
  ...(names.length > 0 && {
    resourcePolicy: policy('resource policy of function hello', {
      Effect: 'Allow',
      Principal: { AWS: names },
      Action: 'lambda:InvokeFunction',
      Resource: functionArn,
    }),
  }),
})

const functions: readonly DecisionCase[] = [
  {
    title: 'a function of the same account is invoked by its policy alone',
    request: directly(session(), session().principalArn),
    kind: 'allow',
  },
  {
    title: 'a function of the same account is invoked by the identity policy alone',
    request: directly(session({ identityPolicies: [mayInvoke] })),
    kind: 'allow',
  },
  {
    title: 'a function of another account is not invoked by its policy alone',
    request: directly(session({ accountId: other }), other),
    kind: 'implicit deny',
    deniedBy: 'identity-based',
    fix: `Add {"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"${functionArn}"} to the identity-based policies of arn:aws:iam::${other}:role/team/Caller (account ${other}).`,
  },
  {
    title: 'a function of another account is not invoked by the identity policy alone',
    request: directly(session({ accountId: other, identityPolicies: [mayInvoke] })),
    kind: 'implicit deny',
    deniedBy: 'resource-based',
    fix: `Add {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::${other}:role/team/Caller"},"Action":"lambda:InvokeFunction","Resource":"${functionArn}"} to a new resource-based policy of ${functionArn} (account ${home}).`,
  },
  {
    title: 'a function of another account is invoked when both allow',
    request: directly(session({ accountId: other, identityPolicies: [mayInvoke] }), other),
    kind: 'allow',
  },
]

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html */
const roots: readonly DecisionCase[] = [
  {
    title: 'the root user has full access in its own account',
    request: call(root()),
    kind: 'allow',
    steps: [
      {
        policyType: 'resource-based',
        policy: `policy of ${apiArn}`,
        outcome: 'is absent',
        reason: `${apiArn} has no resource-based policy`,
      },
      {
        policyType: 'identity-based',
        policy: `policy of arn:aws:iam::${home}:root`,
        outcome: 'allows',
        reason: 'the root user has full access to its account',
      },
    ],
  },
  {
    title: 'the root user is stopped by a deny',
    request: call(root(), { ...allow({ AWS: home }), Effect: 'Deny' }),
    kind: 'explicit deny',
    deniedBy: 'resource-based',
  },
  {
    title: 'the root user of another account needs the resource policy',
    request: call(root({ accountId: other })),
    kind: 'implicit deny',
    deniedBy: 'resource-based',
  },
  {
    title: 'the root user of another account is allowed by the resource policy',
    request: call(root({ accountId: other }), allow({ AWS: other })),
    kind: 'allow',
  },
]

const denyAll = policy('deny all', { Effect: 'Deny', Action: '*', Resource: '*' })

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const identities: readonly DecisionCase[] = [
  {
    title: 'sts:GetCallerIdentity is allowed even where everything is denied',
    request: {
      principal: session({ identityPolicies: [denyAll], sessionPolicies: [denyAll] }),
      action: 'sts:GetCallerIdentity',
      resource: '*',
      resourceAccount: home,
    },
    kind: 'allow',
    steps: [
      {
        policyType: 'identity-based',
        policy: `policy of arn:aws:iam::${home}:role/team/Caller`,
        outcome: 'allows',
        reason: 'sts:GetCallerIdentity needs no permission, and no policy can deny it',
      },
    ],
  },
  {
    title: 'an empty list of session policies limits nothing',
    request: call(session({ identityPolicies: [policiesByEffect.allows('routes')], sessionPolicies: [] })),
    kind: 'allow',
  },
  {
    title: 'one of several session policies is enough',
    request: call(
      session({
        identityPolicies: [policiesByEffect.allows('routes')],
        sessionPolicies: [policiesByEffect['is silent']('first'), policiesByEffect.allows('second')],
      }),
    ),
    kind: 'allow',
  },
  {
    title: 'one of several identity policies is enough',
    request: call(
      session({ identityPolicies: [policiesByEffect['is silent']('first'), policiesByEffect.allows('second')] }),
    ),
    kind: 'allow',
  },
]

export const callerCases: readonly DecisionCase[] = [...anonymous, ...services, ...functions, ...roots, ...identities]
