import type { Cause } from './cause.ts'

/** On the side of whoever calls: keys, signature, URL, and the place on the map. */
export const callingCauses = {
  'stack-not-running': {
    what: 'Nothing listens where the local stack is looked for.',
    tell: 'npx snowgate env finds nobody either.',
    mend: 'npx snowgate start. If it runs elsewhere, give --stack <url> or set SNOWGATE_STACK.',
  },
  'map-invalid': {
    what: 'access.yml says something that a trust map cannot say.',
    tell: 'npx snowgate start names every mistake with its line and column.',
    mend: 'Write what each line of the message says to write; docs/access-map.md has all keys.',
  },
  'local-limit': {
    what: 'The local stack is no imitation of what was asked for; AWS or Snowflake itself may well do it.',
    tell: 'The message names what is not there; docs/local-stack.md has the list.',
    mend: 'Try it in an account, or without that feature here.',
  },
  'credentials-missing': {
    what: 'The process that signs has no AWS credentials at all.',
    tell: 'aws sts get-caller-identity in the same environment finds none either. A shell that said ambiguous redirect wrote them nowhere.',
    mend: 'For the local stack: eval "$(npx snowgate env <caller>)". For AWS: aws sso login, or AWS_PROFILE=<profile>. In Lambda and ECS they come with the role: see that no variable hides them.',
  },
  'credentials-quoted': {
    what: 'A key or a token has quotation marks around it, which some program printed.',
    tell: 'printf %s "$AWS_ACCESS_KEY_ID" | head -c 1 prints a quotation mark.',
    mend: 'Take the values with jq -r instead of jq, and export all three again.',
  },
  'credentials-unknown': {
    what: 'The access key is not known there: deleted, inactive, mistyped, or from somewhere else.',
    tell: 'aws sts get-caller-identity with the same keys is refused as well; aws configure list shows where they come from. Keys of the local stack end with its run and are nothing at AWS.',
    mend: 'For the local stack: eval "$(npx snowgate env <caller>)". For AWS: take keys of a user or session that exists.',
  },
  'session-expired': {
    what: 'The session that the temporary keys belong to is over.',
    tell: 'The same keys worked before, and aws sts get-caller-identity is refused now.',
    mend: 'For the local stack: eval "$(npx snowgate env <caller>)". For AWS: aws sso login, or assume the role again; in a program, ask its SDK for credentials before each request instead of keeping them.',
  },
  'session-token-missing': {
    what: 'A temporary access key is used without its session token.',
    tell: 'The key id begins with ASIA, and AWS_SESSION_TOKEN is empty, or the signer is not given it.',
    mend: 'Hand over all three values of one session: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.',
  },
  'session-token-foreign': {
    what: 'The session token beside the access key belongs to another key.',
    tell: 'The key id begins with AKIA, which has no token, or the three were not set at once.',
    mend: 'unset AWS_SESSION_TOKEN, or export all three values of one session again.',
  },
  'clock-skewed': {
    what: 'The clock of the machine that signs is off, or what it signed was sent too late.',
    tell: 'date -u differs from curl -sI https://aws.amazon.com | grep -i ^date. API Gateway, Lambda and SSM bear five minutes, STS fifteen, Snowflake 60 seconds for a key-pair login.',
    mend: 'sudo timedatectl set-ntp true, and sign anew before every attempt: a frozen process sends what is old.',
  },
  'secret-wrong': {
    what: 'The secret access key is not that of the access key id.',
    tell: 'aws sts get-caller-identity with the same keys is refused in the same words. When it answers, it is request-changed.',
    mend: 'Export id, secret and token again from one source, bare: no quotation marks, no blank, no line break.',
  },
  'request-changed': {
    what: 'What arrived is not what was signed: body, header, path, query or method changed on the way.',
    tell: 'aws sts get-caller-identity answers with the same keys, and npx snowgate call with the same URL and body is let in. The refusal shows what should have been signed: compare it line by line with what the signer made of the request.',
    mend: 'Sign last: write the body once and send those bytes, encode the query strictly (%20 and not +), follow no redirect, and let no proxy rewrite the path or a signed header.',
  },
  'request-unsigned': {
    what: 'The request carries no signature.',
    tell: 'curl -v, or the log of the client, shows no Authorization that begins with AWS4-HMAC-SHA256.',
    mend: 'Sign it with Signature Version 4: npx snowgate call, awscurl, curl --aws-sigv4, or another client of docs/clients.md.',
  },
  'authorization-malformed': {
    what: 'The Authorization header, or the query of a presigned URL, holds no whole signature of version 4.',
    tell: 'It begins with Bearer or Basic, or with AWS4-ECDSA-P256-SHA256, or it lacks Credential, SignedHeaders with host, Signature or the date beside it.',
    mend: 'Sign with Signature Version 4, by a client that does it for you: npx snowgate call, or one of docs/clients.md.',
  },
  'region-wrong': {
    what: 'The signature names another region than that of the endpoint.',
    tell: 'The region stands in the host: <api>.execute-api.<region>.amazonaws.com.',
    mend: 'Sign for the region in the host: --region of npx snowgate call, AWS_REGION, and AWS_DEFAULT_REGION for boto3 and awscurl.',
  },
  'service-wrong': {
    what: 'The signature names another service than the endpoint belongs to.',
    tell: 'Credential in the Authorization header is <key>/<date>/<region>/<service>/aws4_request; for the API the service is execute-api.',
    mend: "Sign for <service>: --service <service> of npx snowgate call and awscurl, aws_service='<service>' in aws-requests-auth.",
  },
  'url-wrong': {
    what: 'The URL names no method and path of the stage.',
    tell: 'It must be https://<api>.execute-api.<region>.amazonaws.com/<stage>/hello, with its stage and its path; API Gateway says the same to a wrong path as to a missing signature.',
    mend: 'Call a route of the stage: POST /hello, /snowflake-probe or /invoke, as routes: in access.yml has them.',
  },
  'url-not-encoded': {
    what: 'The path or the query has a percent sign that encodes nothing.',
    tell: 'A % in the URL is not followed by two hexadecimal digits.',
    mend: 'Encode the value before it goes into the URL; a percent sign itself is %25.',
  },
  'caller-not-admitted': {
    what: 'No caller of the stage is the role or user that signed.',
    tell: 'The refusal names who signed. access.yml has that role under principals of no caller of the stage; a path that the role has is missing from the ARN of its session.',
    mend: 'Add to callers of the stage in access.yml: principals: [arn:<partition>:iam::<account>:role/<role>] with routes: [POST /hello], then npx snowgate deploy --stage <stage>.',
  },
  'door-not-assumed': {
    what: 'The caller signs with its own role and not with a session of its door role.',
    tell: 'The role is on the map, and the refusal does not name assumed-role/snowgate-<stage>-<caller>/….',
    mend: 'Assume the door first and sign with the three values that STS gives: npx snowgate call --role-arn arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller>, or docs/clients.md. Or write direct: true under the caller and deploy.',
  },
  'stage-wrong': {
    what: 'The session is of the door role of one stage, and the API of another is called.',
    tell: 'In the refusal, assumed-role/snowgate-<stage>-<caller> names another stage than execute-api:…/<api>/<stage>/….',
    mend: 'Call the URL of the stage <stage>, or assume the door role of the stage that is called, if its map has the caller.',
  },
  'route-not-granted': {
    what: 'The caller is admitted, but not to this method and path.',
    tell: 'The refusal names a session of snowgate-<stage>-<caller>, and ends with the identity-based policy, which has no such route.',
    mend: 'Add <method> /<path> to routes of the caller in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'invoke-not-granted': {
    what: 'The caller may not invoke the function directly, past the API.',
    tell: 'The refusal names lambda:InvokeFunction; routes: of the caller in access.yml has no INVOKE for that function.',
    mend: 'Add INVOKE /hello, or /invoke, to routes of the caller in access.yml, then npx snowgate deploy --stage <stage>. A direct caller needs lambda:InvokeFunction from its own account too.',
  },
  'guardrail-denies': {
    what: 'A policy that is not snowgate’s forbids it: a service control policy, a permissions boundary, a session policy or that of a VPC endpoint.',
    tell: 'The last words of the refusal name the kind of policy.',
    mend: 'Have whoever keeps that policy allow <action>; nothing in access.yml overrides it.',
  },
} as const satisfies Record<string, Cause>
