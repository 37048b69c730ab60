import type { Cause } from './cause.ts'

/** Between a caller and its door role: trust, external ids, and what AssumeRole takes. */
export const doorCauses = {
  'door-shut': {
    what: 'The door role trusts nobody yet: its caller has no iamUserArn on the map.',
    tell: 'aws iam get-role --role-name snowgate-<stage>-<caller> --query Role.AssumeRolePolicyDocument shows the statement Shut.',
    mend: 'In Snowflake: DESC INTEGRATION <integration>. Write API_AWS_IAM_USER_ARN into access.yml as iamUserArn and API_AWS_EXTERNAL_ID into externalIds, then npx snowgate deploy --stage <stage>.',
  },
  'door-role-missing': {
    what: 'The role that is to be assumed does not exist; STS answers as if it were forbidden.',
    tell: 'aws iam get-role --role-name <door> in the account of the service finds none.',
    mend: 'Name the role that the deployment made, snowgate-<stage>-<caller>, in the account of the service, or deploy it: npx snowgate deploy --stage <stage>.',
  },
  'door-principal-wrong': {
    what: 'The trust of the door role names somebody else than who asks.',
    tell: 'aws iam get-role --role-name <door> --query Role.AssumeRolePolicyDocument: Principal is not the role, path included, or the IAM user that asks. An AROA… in it is a role that was deleted and made again. For Snowflake it is a user, API_AWS_IAM_USER_ARN of DESC INTEGRATION, and no role.',
    mend: 'Write who asks into access.yml, as principals: [arn:<partition>:iam::<account>:role/<role>] or for Snowflake as iamUserArn, then npx snowgate deploy --stage <stage>.',
  },
  'external-id-missing': {
    what: 'The trust asks for an external id and the caller sends none.',
    tell: 'The trust of the role has a condition on sts:ExternalId, and the call to AssumeRole no ExternalId.',
    mend: 'Send it: --external-id <id> of npx snowgate call and the AWS CLI, ExternalId in an SDK, external_id in a profile.',
  },
  'external-id-wrong': {
    what: 'The external id that is sent is not one that the trust of the role has.',
    tell: 'API_AWS_EXTERNAL_ID of DESC INTEGRATION <integration>, or what the caller sends, is not in externalIds of access.yml, letter by letter; a = at its end belongs to it, and each integration has its own.',
    mend: 'Add it to externalIds of the caller in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'integration-recreated': {
    what: 'The integration was replaced and has drawn another external id.',
    tell: 'It worked before, and DESC INTEGRATION <integration> shows an API_AWS_EXTERNAL_ID that access.yml does not have.',
    mend: 'Put the new id in place of the old one in externalIds, then npx snowgate deploy --stage <stage>. Change integrations with ALTER, never with CREATE OR REPLACE.',
  },
  'assume-not-allowed': {
    what: 'The caller’s own policies do not allow it to assume the door role.',
    tell: 'The refusal ends with the identity-based policy and sts:AssumeRole. Across accounts both sides must allow it.',
    mend: 'In the caller’s account: aws iam put-role-policy --role-name <role> --policy-name enter-snowgate --policy-document \'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:<partition>:iam::<owner>:role/<door>"}]}\'',
  },
  'tag-session-denied': {
    what: 'The caller sends session tags, or inherits them, and the trust of the role does not allow sts:TagSession.',
    tell: 'The refusal names sts:TagSession instead of sts:AssumeRole.',
    mend: 'Send no tags, and mark none as transitive in the session before; the door roles of snowgate take none. A role of your own needs sts:TagSession beside sts:AssumeRole in its trust.',
  },
  'source-identity-denied': {
    what: 'The session carries a source identity, and the trust of the role does not allow sts:SetSourceIdentity.',
    tell: 'The refusal names sts:SetSourceIdentity. The invoker sends one to every target, so that CloudTrail shows who asked.',
    mend: 'In the trust of the role: "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"] (docs/access-map.md, the role of a target).',
  },
  'root-assumes-role': {
    what: 'The keys are those of a root user, which may assume no role.',
    tell: 'aws sts get-caller-identity shows an ARN that ends in :root.',
    mend: 'Sign in as a role or an IAM user of the account, and delete the access keys of the root user.',
  },
  'role-arn-malformed': {
    what: 'What is to be assumed is no ARN of a role.',
    tell: 'It must read arn:aws:iam::<account>:role/<role>, and neither assumed-role/… nor a name alone.',
    mend: 'Give the ARN of the role: aws iam get-role --role-name <role> --query Role.Arn --output text.',
  },
  'session-name-invalid': {
    what: 'The name of the session has a character that STS does not take, or too many.',
    tell: 'It has something else than 2 to 64 letters, digits or any of _+=,.@-: a blank, a slash or a colon.',
    mend: 'Give another one: --session-name of npx snowgate call, RoleSessionName in an SDK, role_session_name in a profile.',
  },
  'session-duration-too-long': {
    what: 'The session is asked for longer than the role allows.',
    tell: 'Door roles allow an hour, and so does every role to whoever is a session of a role itself.',
    mend: 'Ask for an hour at most: --duration 3600, DurationSeconds=3600, or leave it out.',
  },
  'session-tags-invalid': {
    what: 'The session tags contradict each other, or those of the session that asks.',
    tell: 'The message names what is wrong with them; the names of tags ignore case.',
    mend: 'Send no tags: the door roles of snowgate take none.',
  },
  'session-policy-invalid': {
    what: 'The session policy that is sent with AssumeRole is no policy, or too large.',
    tell: 'The call to AssumeRole has Policy or PolicyArns.',
    mend: 'Leave the session policy out, or shorten it: 2,048 characters at most, as JSON of version 2012-10-17.',
  },
} as const satisfies Record<string, Cause>
