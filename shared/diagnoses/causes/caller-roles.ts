import type { Cause } from './cause.ts'

/** Causes between a caller and its caller role: trust policy, external ids, and AssumeRole parameters. */
export const callerRoleCauses = {
  'caller-pending': {
    summary: 'The caller role is pending: its caller has no iamUserArn in access.yml.',
    howToTell:
      'aws iam get-role --role-name snowgate-<stage>-<caller> --query Role.AssumeRolePolicyDocument shows the statement PendingTrust.',
    fix: 'In Snowflake: DESC INTEGRATION <integration>. Write API_AWS_IAM_USER_ARN into access.yml as iamUserArn and API_AWS_EXTERNAL_ID into externalIds, then npx snowgate deploy --stage <stage>.',
  },
  'caller-role-missing': {
    summary: 'The role to assume does not exist; STS returns AccessDenied.',
    howToTell: 'aws iam get-role --role-name <rolename> in the account of the service finds none.',
    fix: 'Use the role of the deployment, snowgate-<stage>-<caller>, in the account of the service, or deploy it: npx snowgate deploy --stage <stage>.',
  },
  'caller-role-principal-wrong': {
    summary: 'The caller role’s trust policy names another principal.',
    howToTell:
      'aws iam get-role --role-name <rolename> --query Role.AssumeRolePolicyDocument: Principal is not the ARN of the calling role (with its path) or IAM user. An AROA… id means that the role was deleted and recreated. For Snowflake it is an IAM user, API_AWS_IAM_USER_ARN of DESC INTEGRATION, not a role.',
    fix: 'Add the principal to access.yml, as principals: [arn:<partition>:iam::<account>:role/<role>] or for Snowflake as iamUserArn, then npx snowgate deploy --stage <stage>.',
  },
  'external-id-missing': {
    summary: 'The trust policy requires an external id and the caller sends none.',
    howToTell: 'The trust policy has a condition on sts:ExternalId, and the AssumeRole request has no ExternalId.',
    fix: 'Send it: --external-id <id> of npx snowgate call and the AWS CLI, ExternalId in an SDK, external_id in a profile.',
  },
  'external-id-wrong': {
    summary: 'The caller sends an external id that the trust policy does not contain.',
    howToTell:
      'API_AWS_EXTERNAL_ID of DESC INTEGRATION <integration>, or the id that the caller sends, is not exactly in externalIds of access.yml. A trailing = is part of the id, and each integration has its own id.',
    fix: 'Add it to externalIds of the caller in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'integration-recreated': {
    summary: 'The integration was replaced and has a new external id.',
    howToTell:
      'It worked before, and DESC INTEGRATION <integration> shows an API_AWS_EXTERNAL_ID that is not in access.yml.',
    fix: 'Replace the old id in externalIds with the new one, then npx snowgate deploy --stage <stage>. Change integrations with ALTER, never with CREATE OR REPLACE.',
  },
  'assume-not-allowed': {
    summary: 'The caller’s own policies do not allow it to assume the caller role.',
    howToTell:
      'The error says that no identity-based policy allows sts:AssumeRole. Across accounts, both accounts must allow it.',
    fix: 'In the caller’s account: aws iam put-role-policy --role-name <role> --policy-name assume-snowgate-caller-role --policy-document \'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:<partition>:iam::<owner>:role/<rolename>"}]}\'',
  },
  'tag-session-denied': {
    summary: 'The caller sends or inherits session tags, and the role’s trust policy does not allow sts:TagSession.',
    howToTell: 'The error names sts:TagSession instead of sts:AssumeRole.',
    fix: 'Send no tags, and mark none as transitive in the previous session. Caller roles of snowgate allow no tags. For your own role, add sts:TagSession to its trust policy.',
  },
  'source-identity-denied': {
    summary: 'The session has a source identity, and the role’s trust policy does not allow sts:SetSourceIdentity.',
    howToTell:
      'The error names sts:SetSourceIdentity. The invoke function sends a source identity to every target role, so that CloudTrail shows the caller.',
    fix: 'In the role’s trust policy: "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"] (docs/access-map.md, the role of a target).',
  },
  'root-assumes-role': {
    summary: 'The keys belong to the root user, which cannot assume roles.',
    howToTell: 'aws sts get-caller-identity shows an ARN that ends in :root.',
    fix: 'Sign in as a role or an IAM user of the account, and delete the access keys of the root user.',
  },
  'role-arn-malformed': {
    summary: 'The value is not a role ARN.',
    howToTell: 'It must be arn:aws:iam::<account>:role/<role>, not assumed-role/… or a name.',
    fix: 'Use the ARN of the role: aws iam get-role --role-name <role> --query Role.Arn --output text.',
  },
  'session-name-invalid': {
    summary: 'The session name is too long or has an invalid character.',
    howToTell: 'It is not 2 to 64 letters, digits or any of _+=,.@- (no space, slash or colon).',
    fix: 'Use another name: --session-name of npx snowgate call, RoleSessionName in an SDK, role_session_name in a profile.',
  },
  'session-duration-too-long': {
    summary: 'The requested session duration is longer than the role allows.',
    howToTell: 'Caller roles allow one hour. Role chaining is limited to one hour for every role.',
    fix: 'Request one hour at most: --duration 3600, DurationSeconds=3600, or omit it.',
  },
  'session-tags-invalid': {
    summary: 'The session tags conflict with each other or with the tags of the calling session.',
    howToTell: 'The message names the conflict. Tag keys are case-insensitive.',
    fix: 'Send no tags: caller roles of snowgate allow none.',
  },
  'session-policy-invalid': {
    summary: 'The session policy of the AssumeRole request is invalid or too large.',
    howToTell: 'The AssumeRole request has Policy or PolicyArns.',
    fix: 'Omit the session policy, or shorten it: at most 2,048 characters, JSON, version 2012-10-17.',
  },
} as const satisfies Record<string, Cause>
