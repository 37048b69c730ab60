import type { SystemTexts } from '../error-text.ts'

const denials = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html'
const api = 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html'
const webIdentity = 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html'

export const stsTexts: SystemTexts = {
  system: 'STS',
  texts: [
    {
      says: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/<door> because no identity-based policy allows',
      ],
      means: 'The caller’s own policies do not allow it to assume the role.',
      causes: ['assume-not-allowed'],
      source: denials,
    },
    {
      says: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/<door> with an explicit deny in the role trust policy',
      ],
      means: 'The trust of the role denies it in so many words, as that of a shut door does.',
      causes: ['door-shut', 'guardrail-denies'],
      source: denials,
    },
    {
      says: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller> because no role trust policy allows',
      ],
      means: 'The trust of the door role does not admit whoever asks, with what was sent.',
      causes: ['external-id-missing', 'external-id-wrong', 'door-principal-wrong', 'door-role-missing'],
      source: denials,
    },
    {
      says: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/<door> because no role trust policy allows',
      ],
      means: 'The trust of the role does not admit whoever asks, with what was sent.',
      causes: [
        'target-role-denied',
        'external-id-missing',
        'external-id-wrong',
        'door-role-missing',
        'impersonation-denied',
      ],
      source: denials,
    },
    {
      says: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller>',
      ],
      means:
        'The caller may not assume the door role: its own policies, the trust of the role, or what was sent forbid it.',
      causes: [
        'door-principal-wrong',
        'external-id-missing',
        'assume-not-allowed',
        'external-id-wrong',
        'door-role-missing',
        'door-shut',
      ],
      source: api,
    },
    {
      says: [
        'User: <who> is not authorized to perform: sts:AssumeRole on resource: arn:<partition>:iam::<owner>:role/<door>',
        'is not authorized to perform: sts:AssumeRole',
      ],
      means: 'The caller may not assume the role: its own policies, the trust of the role, or what was sent forbid it.',
      causes: [
        'target-role-denied',
        'assume-not-allowed',
        'external-id-missing',
        'external-id-wrong',
        'door-role-missing',
        'impersonation-denied',
      ],
      source: api,
    },
    {
      says: ['is not authorized to perform: sts:TagSession'],
      means: 'The role may be assumed, but not with session tags.',
      causes: ['tag-session-denied'],
      source: api,
    },
    {
      says: ['is not authorized to perform: sts:SetSourceIdentity'],
      means: 'The role may be assumed, but not with a source identity.',
      causes: ['source-identity-denied'],
      source: api,
    },
    {
      says: [
        'User: <who> is not authorized to perform: sts:GetWebIdentityToken',
        'is not authorized to perform: sts:GetWebIdentityToken',
      ],
      means: 'The role may not have a web identity token.',
      causes: ['web-identity-denied'],
      source: webIdentity,
    },
    {
      codes: ['OutboundWebIdentityFederationDisabled', 'OutboundWebIdentityFederationDisabledException'],
      means: 'The AWS account does not hand out web identity tokens.',
      causes: ['web-identity-disabled'],
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_getting_started.html',
    },
    {
      says: ['Roles may not be assumed by root accounts'],
      means: 'A root user asked for a role.',
      causes: ['root-assumes-role'],
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html',
    },
    {
      says: ["at 'roleSessionName' failed to satisfy constraint"],
      means: 'STS does not take the name of the session.',
      causes: ['session-name-invalid'],
      source: api,
    },
    {
      says: [
        "at 'roleArn' failed to satisfy constraint",
        'ValidationError…: <arn> is invalid',
        '<Message><arn> is invalid',
      ],
      means: 'What is to be assumed is no ARN of a role.',
      causes: ['role-arn-malformed'],
      source: api,
    },
    {
      says: [
        'The requested DurationSeconds exceeds the MaxSessionDuration set for this role',
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
        "at 'durationSeconds' failed to satisfy constraint",
      ],
      codes: ['SessionDurationEscalationException'],
      means: 'The session is asked for longer than it may last.',
      causes: ['session-duration-too-long'],
      source: api,
    },
    {
      says: [
        'Duplicate tag keys found. Please note that Tag keys are case insensitive',
        'The specified transitive tag key must be included in the requested tags',
        "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session",
      ],
      means: 'STS does not take the session tags.',
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
      means: 'STS does not take the session policy, or it and the tags are too large together.',
      causes: ['session-policy-invalid', 'session-tags-invalid'],
      source: api,
    },
    {
      says: ['STS is not activated in this region for account:<account>', 'STS is not activated in this region'],
      codes: ['RegionDisabledException'],
      means: 'The account has STS switched off in that region.',
      causes: ['sts-region-disabled'],
      source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html',
    },
    {
      says: ['Request is missing Authentication Token'],
      means: 'STS was asked without a signature.',
      causes: ['request-unsigned', 'credentials-missing'],
      source: 'https://github.com/dacut/scratchstack-aws-signature',
    },
  ],
}
