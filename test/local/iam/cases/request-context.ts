import type { AccessRequest } from '../../../../local/iam/index.ts'
import { home, other, root, session, user } from './test-principals.ts'

/** What a global key holds for a principal; undefined where AWS leaves it out. */
export interface KeyCase {
  readonly who: string
  readonly principal: AccessRequest['principal']
  readonly keys: Readonly<Record<string, string | undefined>>
}

/**
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html and the table of principals in
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export const keyCases: readonly KeyCase[] = [
  {
    who: 'a user',
    principal: user({ tags: { team: 'red' } }),
    keys: {
      'aws:PrincipalArn': `arn:aws:iam::${home}:user/staff/alice`,
      'aws:PrincipalAccount': home,
      'aws:PrincipalType': 'User',
      'aws:userid': 'AIDAALICEALICEALICEAL',
      'aws:username': 'alice',
      'aws:PrincipalTag/team': 'red',
      'aws:PrincipalTag/size': undefined,
      'aws:PrincipalIsAWSService': 'false',
      'aws:ViaAWSService': 'false',
      'aws:MultiFactorAuthPresent': undefined,
      'aws:TokenIssueTime': undefined,
      'aws:SourceIdentity': undefined,
      'aws:ResourceAccount': home,
    },
  },
  {
    who: 'a role session',
    principal: session({ accountId: other, sourceIdentity: 'alice', tags: { Team: 'blue' } }),
    keys: {
      'aws:PrincipalArn': `arn:aws:iam::${other}:role/team/Caller`,
      'aws:PrincipalAccount': other,
      'aws:PrincipalType': 'AssumedRole',
      'aws:userid': 'AROACALLERCALLERCALLE:morning',
      'aws:username': undefined,
      'aws:PrincipalTag/team': 'blue',
      'aws:PrincipalIsAWSService': 'false',
      'aws:ViaAWSService': 'false',
      'aws:MultiFactorAuthPresent': 'false',
      'aws:TokenIssueTime': '2026-01-15T10:11:12.000Z',
      'aws:SourceIdentity': 'alice',
      'aws:ResourceAccount': home,
    },
  },
  {
    who: 'the root user',
    principal: root(),
    keys: {
      'aws:PrincipalArn': `arn:aws:iam::${home}:root`,
      'aws:PrincipalType': 'Account',
      'aws:userid': home,
      'aws:username': undefined,
      'aws:MultiFactorAuthPresent': undefined,
    },
  },
  {
    who: 'an anonymous caller',
    principal: 'anonymous',
    keys: {
      'aws:PrincipalArn': undefined,
      'aws:PrincipalAccount': undefined,
      'aws:PrincipalType': 'Anonymous',
      'aws:userid': 'anonymous',
      'aws:PrincipalIsAWSService': undefined,
      'aws:ViaAWSService': 'false',
    },
  },
  {
    who: 'a service',
    principal: { service: 'apigateway.amazonaws.com' },
    keys: {
      'aws:PrincipalArn': undefined,
      'aws:PrincipalIsAWSService': 'true',
      'aws:PrincipalServiceName': 'apigateway.amazonaws.com',
      'aws:ResourceAccount': home,
    },
  },
]
