import type { SystemMessages } from '../known-message.ts'

const denials = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html'
const api = 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html'
const webIdentity = 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html'

export const stsMessages: SystemMessages = {
  system: 'STS',
  messages: [
    {
      phrases: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/<rolename> because no identity-based policy allows',
      ],
      summary: 'The caller’s own policies do not allow it to assume the role.',
      causes: ['assume-not-allowed'],
      source: denials,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/<rolename> with an explicit deny in the role trust policy',
      ],
      summary: 'The role’s trust policy denies it explicitly, as a pending caller role does.',
      causes: ['caller-pending', 'guardrail-denies'],
      source: denials,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller> because no role trust policy allows',
      ],
      summary: 'The caller role’s trust policy does not allow this principal with these parameters.',
      causes: ['external-id-missing', 'external-id-wrong', 'caller-role-principal-wrong', 'caller-role-missing'],
      source: denials,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/<rolename> because no role trust policy allows',
      ],
      summary: 'The role’s trust policy does not allow this principal with these parameters.',
      causes: [
        'target-role-denied',
        'external-id-missing',
        'external-id-wrong',
        'caller-role-missing',
        'impersonation-denied',
      ],
      source: denials,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller>',
      ],
      summary:
        'The caller is not allowed to assume the caller role: its own policies, the trust policy, or the parameters prevent it.',
      causes: [
        'caller-role-principal-wrong',
        'external-id-missing',
        'assume-not-allowed',
        'external-id-wrong',
        'caller-role-missing',
        'caller-pending',
      ],
      source: api,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/<rolename>',
        'is not authorized to perform: sts:AssumeRole',
      ],
      summary:
        'The caller is not allowed to assume the role: its own policies, the trust policy, or the parameters prevent it.',
      causes: [
        'target-role-denied',
        'assume-not-allowed',
        'external-id-missing',
        'external-id-wrong',
        'caller-role-missing',
        'impersonation-denied',
      ],
      source: api,
    },
    {
      phrases: ['is not authorized to perform: sts:TagSession'],
      summary: 'The role cannot be assumed with session tags.',
      causes: ['tag-session-denied'],
      source: api,
    },
    {
      phrases: ['is not authorized to perform: sts:SetSourceIdentity'],
      summary: 'The role cannot be assumed with a source identity.',
      causes: ['source-identity-denied'],
      source: api,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: sts:GetWebIdentityToken',
        'is not authorized to perform: sts:GetWebIdentityToken',
      ],
      summary: 'The role is not allowed to get a web identity token.',
      causes: ['web-identity-denied'],
      source: webIdentity,
    },
    {
      codes: ['OutboundWebIdentityFederationDisabled', 'OutboundWebIdentityFederationDisabledException'],
      summary: 'Outbound web identity federation is disabled in the AWS account.',
      causes: ['web-identity-disabled'],
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_getting_started.html',
    },
    {
      phrases: ['Roles may not be assumed by root accounts'],
      summary: 'A root user tried to assume a role.',
      causes: ['root-assumes-role'],
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html',
    },
    {
      phrases: ["at 'roleSessionName' failed to satisfy constraint"],
      summary: 'The session name is invalid.',
      causes: ['session-name-invalid'],
      source: api,
    },
    {
      phrases: [
        "at 'roleArn' failed to satisfy constraint",
        'ValidationError…: <arn> is invalid',
        '<Message><arn> is invalid',
      ],
      summary: 'The value is not a role ARN.',
      causes: ['role-arn-malformed'],
      source: api,
    },
    {
      phrases: [
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
        "at 'durationSeconds' failed to satisfy constraint",
      ],
      codes: ['SessionDurationEscalationException'],
      summary: 'The requested session duration is too long.',
      causes: ['session-duration-too-long'],
      source: api,
    },
    {
      phrases: [
        'Duplicate tag keys found. Please note that Tag keys are case insensitive',
        'The specified transitive tag key must be included in the requested tags',
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session",
      ],
      summary: 'The session tags are invalid.',
      causes: ['session-tags-invalid'],
      source: 'https://github.com/localstack/localstack/blob/main/localstack-core/localstack/services/sts/provider.py',
    },
    {
      codes: [
        'MalformedPolicyDocument',
        'MalformedPolicyDocumentException',
        'PackedPolicyTooLarge',
        'PackedPolicyTooLargeException',
      ],
      summary: 'The session policy is invalid, or too large together with the tags.',
      causes: ['session-policy-invalid', 'session-tags-invalid'],
      source: api,
    },
    {
      phrases: ['STS is not activated in this region for account:<account>', 'STS is not activated in this region'],
      codes: ['RegionDisabledException'],
      summary: 'STS is not activated for the account in this region.',
      causes: ['sts-region-disabled'],
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html',
    },
    {
      phrases: ['Request is missing Authentication Token'],
      summary: 'The request to STS has no signature.',
      causes: ['request-unsigned', 'credentials-missing'],
      source: 'https://github.com/dacut/scratchstack-aws-signature',
    },
  ],
}
