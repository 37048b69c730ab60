import type { Cause } from './cause.ts'

/** Causes on the caller's side: keys, signature, URL, and the caller's entry in the access map. */
export const requestCauses = {
  'stack-not-running': {
    summary: 'The local stack is not running at this address.',
    howToTell: 'npx snowgate env cannot connect either.',
    fix: 'npx snowgate start. If the stack runs elsewhere, pass --stack <url> or set SNOWGATE_STACK.',
  },
  'map-invalid': {
    summary: 'access.yml is invalid.',
    howToTell: 'npx snowgate start prints every error with its line and column.',
    fix: 'Change each line as the message says. docs/access-map.md lists all keys.',
  },
  'local-limit': {
    summary: 'The local stack does not support this request; AWS or Snowflake may support it.',
    howToTell: 'The message names the unsupported feature. docs/local-stack.md has the list.',
    fix: 'Try it in a real account, or without this feature in the local stack.',
  },
  'credentials-missing': {
    summary: 'The signing process has no AWS credentials at all.',
    howToTell:
      'aws sts get-caller-identity in the same environment finds none either. If the shell printed "ambiguous redirect", it did not set the variables.',
    fix: 'For the local stack: eval "$(npx snowgate env <caller>)". For AWS: aws sso login, or AWS_PROFILE=<profile>. In Lambda and ECS they come with the role: check that no variable overrides them.',
  },
  'credentials-quoted': {
    summary: 'A key or a token has quotation marks around it.',
    howToTell: 'printf %s "$AWS_ACCESS_KEY_ID" | head -c 1 prints a quotation mark.',
    fix: 'Take the values with jq -r instead of jq, and export all three again.',
  },
  'credentials-unknown': {
    summary: 'AWS does not know the access key: it is deleted, inactive, mistyped, or belongs to another environment.',
    howToTell:
      'aws sts get-caller-identity with the same keys fails as well. aws configure list shows their source. Keys of the local stack are valid only while it runs, and never on AWS.',
    fix: 'For the local stack: eval "$(npx snowgate env <caller>)". For AWS: use the keys of an existing user or session.',
  },
  'session-expired': {
    summary: 'The session of the temporary keys has expired.',
    howToTell: 'The same keys worked before, and aws sts get-caller-identity fails now.',
    fix: 'For the local stack: eval "$(npx snowgate env <caller>)". For AWS: aws sso login, or assume the role again; in a program, get the credentials from the SDK before each request instead of storing them.',
  },
  'session-token-missing': {
    summary: 'The request uses a temporary access key without its session token.',
    howToTell: 'The key id begins with ASIA, and AWS_SESSION_TOKEN is empty or not passed to the signer.',
    fix: 'Set all three values of one session: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN.',
  },
  'session-token-foreign': {
    summary: 'The session token belongs to another access key.',
    howToTell:
      'The key id begins with AKIA, which has no session token, or the three values come from different sessions.',
    fix: 'unset AWS_SESSION_TOKEN, or export all three values of one session again.',
  },
  'clock-skewed': {
    summary: 'The clock of the signing machine is wrong, or the signed request was sent too late.',
    howToTell:
      'date -u differs from curl -sI https://aws.amazon.com | grep -i ^date. The limits are five minutes for API Gateway, Lambda and SSM, fifteen for STS, and 60 seconds for a key-pair login to Snowflake.',
    fix: 'sudo timedatectl set-ntp true, and sign again before every attempt: a frozen process sends an old signature.',
  },
  'secret-wrong': {
    summary: 'The secret access key does not belong to the access key id.',
    howToTell:
      'aws sts get-caller-identity with the same keys fails with the same message. If it succeeds, the cause is request-changed.',
    fix: 'Export id, secret and token again from one source, without quotation marks, spaces or line breaks.',
  },
  'request-changed': {
    summary: 'The request changed after signing: body, header, path, query or method.',
    howToTell:
      'aws sts get-caller-identity succeeds with the same keys, and npx snowgate call with the same URL and body succeeds. The error shows the expected canonical request: compare it line by line with the signer’s.',
    fix: 'Sign last: serialize the body once and send those bytes, encode the query strictly (%20, not +), do not follow redirects, and do not let a proxy rewrite the path or a signed header.',
  },
  'request-unsigned': {
    summary: 'The request has no signature.',
    howToTell: 'curl -v, or the log of the client, shows no Authorization that begins with AWS4-HMAC-SHA256.',
    fix: 'Sign it with Signature Version 4: npx snowgate call, awscurl, curl --aws-sigv4, or another client of docs/clients.md.',
  },
  'authorization-malformed': {
    summary: 'The Authorization header, or the query of a presigned URL, has no complete Signature Version 4.',
    howToTell:
      'It begins with Bearer or Basic, or with AWS4-ECDSA-P256-SHA256, or it lacks Credential, SignedHeaders with host, Signature or a date.',
    fix: 'Sign with Signature Version 4: npx snowgate call, or a client of docs/clients.md.',
  },
  'region-wrong': {
    summary: 'The signature is for another region than the endpoint.',
    howToTell: 'The host contains the region: <api>.execute-api.<region>.amazonaws.com.',
    fix: 'Sign for the region in the host: --region of npx snowgate call, AWS_REGION, and AWS_DEFAULT_REGION for boto3 and awscurl.',
  },
  'service-wrong': {
    summary: 'The signature is for another service than the endpoint.',
    howToTell:
      'Credential in the Authorization header is <key>/<date>/<region>/<service>/aws4_request; for the API the service is execute-api.',
    fix: "Sign for <service>: --service <service> of npx snowgate call and awscurl, aws_service='<service>' in aws-requests-auth.",
  },
  'url-wrong': {
    summary: 'The stage has no such method and path.',
    howToTell:
      'The URL must be https://<api>.execute-api.<region>.amazonaws.com/<stage>/hello, with stage and path. API Gateway returns the same error for a wrong path and a missing signature.',
    fix: 'Call a route of the stage: POST /hello, /snowflake-probe or /invoke, as routes: in access.yml has them.',
  },
  'url-not-encoded': {
    summary: 'The path or the query has a percent sign that is not part of an encoding.',
    howToTell: 'A % in the URL is not followed by two hexadecimal digits.',
    fix: 'Percent-encode the value before adding it to the URL. A percent sign is %25.',
  },
  'caller-not-in-map': {
    summary: 'The role or user that signed is not a caller of the stage.',
    howToTell:
      'The error names the signer. No caller of the stage in access.yml has that role under principals. The ARN of a session omits the path of the role.',
    fix: 'Add to callers of the stage in access.yml: principals: [arn:<partition>:iam::<account>:role/<role>] with routes: [POST /hello], then npx snowgate deploy --stage <stage>.',
  },
  'caller-role-not-assumed': {
    summary: 'The caller signs with its own role instead of a session of its caller role.',
    howToTell: 'The role is in access.yml, and the error does not name assumed-role/snowgate-<stage>-<caller>/….',
    fix: 'Assume the caller role first and sign with the three values that STS returns: npx snowgate call --role-arn arn:<partition>:iam::<owner>:role/snowgate-<stage>-<caller>, or docs/clients.md. Or write direct: true under the caller and deploy.',
  },
  'stage-wrong': {
    summary: 'The session belongs to the caller role of one stage, and the request goes to the API of another stage.',
    howToTell:
      'In the error, assumed-role/snowgate-<stage>-<caller> names another stage than execute-api:…/<api>/<stage>/….',
    fix: 'Call the URL of the stage <stage>, or assume the caller role of the stage that you call, if access.yml has the caller there.',
  },
  'route-not-granted': {
    summary: 'The caller is not allowed to call this method and path.',
    howToTell:
      'The error names a session of snowgate-<stage>-<caller> and says that no identity-based policy allows the call.',
    fix: 'Add <method> /<path> to routes of the caller in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'invoke-not-granted': {
    summary: 'The caller is not allowed to invoke the function directly, without the API.',
    howToTell:
      'The error names lambda:InvokeFunction. routes: of the caller in access.yml has no INVOKE for that function.',
    fix: 'Add INVOKE /hello, or /invoke, to routes of the caller in access.yml, then npx snowgate deploy --stage <stage>. A direct caller needs lambda:InvokeFunction from its own account too.',
  },
  'guardrail-denies': {
    summary:
      'A policy outside snowgate denies the request: a service control policy, a permissions boundary, a session policy or a VPC endpoint policy.',
    howToTell: 'The end of the error names the policy type.',
    fix: 'Ask the owner of that policy to allow <action>. access.yml cannot override it.',
  },
} as const satisfies Record<string, Cause>
