import type { Example } from './example.ts'

const repost = 'https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden'
const denials = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html'
const measured = 'https://github.com/dacut/scratchstack-aws-signature'
const assumeRole = 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html'
const parameter = 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html'
const sessionTags =
  'https://github.com/localstack/localstack/blob/main/localstack-core/localstack/services/sts/provider.py'
const responses = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html'
const gatewayRecordings = 'https://github.com/localstack/localstack/tree/main/tests/aws/services/apigateway'
const lambdaRecordings = 'https://github.com/localstack/localstack/tree/main/tests/aws/services/lambda_'

const gateway = 'API Gateway'
const any = 'AWS, any service'

const call = (suffix: string, who = 'arn:aws:sts::222222222222:assumed-role/LambdaRoleDeve/nightly') =>
  `{"Message":"User: ${who} is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:eu-central-1:********1111:a1b2c3d4e5/dev/POST/hello${suffix}"}`
const assume = (suffix: string, role = 'snowgate-dev-analytics') =>
  `User: arn:aws:sts::222222222222:assumed-role/LambdaRoleDeve/nightly is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/${role}${suffix}`
const invoke = (suffix: string) =>
  `User: arn:aws:sts::111111111111:assumed-role/snowgate-dev-analytics/me is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:eu-central-1:111111111111:function:snowgate-dev-hello${suffix}`

export const signatureExamples: readonly Example[] = [
  {
    system: any,
    text: '{"message":"The security token included in the request is expired"}',
    causes: ['session-expired'],
    source: repost,
  },
  {
    system: any,
    text: '{"message":"The security token included in the request is invalid."}',
    causes: ['credentials-unknown', 'session-token-missing'],
    source: 'https://github.com/kndt84/aws-api-gateway-client/issues/31',
  },
  {
    system: any,
    text: 'An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token included in the request is invalid',
    causes: ['credentials-unknown'],
    source: measured,
  },
  {
    system: any,
    text: 'InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.',
    causes: ['credentials-quoted', 'credentials-unknown'],
    source: 'https://github.com/aws-samples/aws-nodejs-sample/issues/9',
  },
  {
    system: any,
    text: 'Signature expired: 20201027T125505Z is now earlier than 20201027T125507Z (20201027T130007Z - 5 min.)',
    causes: ['clock-skewed'],
    source: 'https://github.com/mhart/aws4/issues/118',
  },
  {
    system: any,
    text: 'Signature not yet current: 20230804T000000Z is still later than 20230803T172233Z (20230803T171733Z + 5 min.)',
    causes: ['clock-skewed'],
    source: 'https://github.com/mhart/aws4/issues/118',
  },
  {
    system: any,
    text: `{"message":"Credential should be scoped to a valid region, not 'us-east-1'. "}`,
    causes: ['region-wrong'],
    source: 'https://github.com/Kong/insomnia/issues/713',
  },
  {
    system: any,
    text: `{"message":"Credential should be scoped to correct service: 'execute-api'. "}`,
    causes: ['service-wrong'],
    source: 'https://github.com/Kong/insomnia/issues/713',
  },
  {
    system: any,
    text: `Credential should be scoped with a valid terminator: 'aws4_request', not 'aws_request'.`,
    causes: ['authorization-malformed'],
    source: measured,
  },
  {
    system: any,
    text: `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260114' != '20260115', from '20260115T101112Z'.`,
    causes: ['authorization-malformed'],
    source: measured,
  },
  {
    system: any,
    text: `{"message":"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\\n\\nThe Canonical String for this request should have been\\n'POST\\n/dev/hello\\n\\nhost:a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com\\nx-amz-date:20260115T101112Z\\nx-amz-security-token:FwoGZXIvYXdzEXAMPLE==\\n\\nhost;x-amz-date;x-amz-security-token\\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'\\n\\nThe String-to-Sign should have been\\n'AWS4-HMAC-SHA256\\n20260115T101112Z\\n20260115/eu-central-1/execute-api/aws4_request\\n8038c5be68b7f175c091899ee9420086fc2ad315fc51fe2d1ba30fcd1d7fdc0f'\\n"}`,
    causes: ['secret-wrong', 'request-changed'],
    source: 'https://github.com/mhart/aws4/issues/33',
  },
  {
    system: any,
    text: `'abc.def.ghi' not a valid key=value pair (missing equal-sign) in Authorization header: 'Bearer abc.def.ghi'.`,
    causes: ['authorization-malformed', 'url-wrong'],
    source: repost,
  },
  {
    system: any,
    text: `{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'kE1x3sWvZ9h0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p='."}`,
    causes: ['authorization-malformed', 'url-wrong'],
    source: repost,
  },
  {
    system: any,
    text: `Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256`,
    causes: ['authorization-malformed'],
    source: measured,
  },
  {
    system: any,
    text: `AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. Re-examine the query-string parameters.`,
    causes: ['authorization-malformed'],
    source: measured,
  },
  {
    system: any,
    text: `'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.`,
    causes: ['authorization-malformed'],
    source: measured,
  },
  {
    system: any,
    text: `Date must be in ISO-8601 'basic format'. Got '2026-01-15'. See http://en.wikipedia.org/wiki/ISO_8601`,
    causes: ['authorization-malformed'],
    source: measured,
  },
  {
    system: any,
    text: `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIAIOSFODNN7EXAMPLE'`,
    causes: ['authorization-malformed'],
    source: measured,
  },
  {
    system: any,
    text: `Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'.`,
    causes: ['authorization-malformed'],
    source: measured,
  },
  {
    system: any,
    text: 'MalformedQueryString: Illegal hex character in escape % pattern: %zz',
    causes: ['url-not-encoded'],
    source: measured,
  },
  {
    system: any,
    text: 'Incomplete trailing escape % sequence',
    causes: ['url-not-encoded'],
    source: measured,
  },
  {
    system: any,
    text: 'ThrottlingException: Rate exceeded',
    causes: ['aws-throttled'],
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html',
  },
  {
    system: any,
    text: 'Unable to locate credentials. You can configure credentials by running "aws configure".',
    causes: ['credentials-missing'],
    source: 'observed with AWS CLI 1.45.11',
  },
  {
    system: any,
    text: 'CredentialsProviderError: Could not load credentials from any providers',
    causes: ['credentials-missing'],
    source: 'observed with snowflake-sdk 3.3.0',
  },
  {
    system: any,
    text: 'Error: Region is missing',
    causes: ['region-variable-missing'],
    source: 'https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html',
  },
]

export const gatewayExamples: readonly Example[] = [
  {
    system: gateway,
    text: '{"message":"Missing Authentication Token"}',
    causes: ['url-wrong', 'route-missing', 'request-unsigned'],
    source: repost,
  },
  {
    system: gateway,
    text: '{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********1234:abc123/dev/POST/hello"}',
    causes: ['method-without-iam'],
    source: 'https://docs.snowflake.com/en/sql-reference/external-functions-creating-aws-troubleshooting',
  },
  {
    system: gateway,
    text: call(' with an explicit deny in a resource-based policy'),
    causes: ['caller-role-not-assumed', 'caller-not-in-map'],
    source: denials,
  },
  {
    system: gateway,
    text: call(' with an explicit deny in a resource-based policy', 'arn:aws:iam::222222222222:user/team/jane'),
    causes: ['caller-role-not-assumed', 'caller-not-in-map'],
    source: denials,
  },
  {
    system: gateway,
    text: call(' because no identity-based policy allows the execute-api:Invoke action'),
    causes: ['route-not-granted'],
    source: denials,
  },
  {
    system: gateway,
    text: call(' because no resource-based policy allows the execute-api:Invoke action'),
    causes: ['caller-not-in-map', 'policy-not-deployed'],
    source: denials,
  },
  {
    system: gateway,
    text: call(''),
    causes: ['caller-role-not-assumed'],
    source: 'https://github.com/serverless/serverless/issues/11808',
  },
  {
    system: gateway,
    text: call(' with an explicit deny', 'arn:aws:sts::********2222:assumed-role/LambdaRoleDeve/nightly'),
    causes: ['caller-role-not-assumed'],
    source: 'https://github.com/ASFHyP3/asf-hyp3/issues/2283',
  },
  {
    system: gateway,
    text: call(
      ' with an explicit deny in a resource-based policy',
      'arn:aws:sts::111111111111:assumed-role/snowgate-prod-night-jobs/me',
    ),
    causes: ['stage-wrong', 'map-not-deployed'],
    source: denials,
  },
  {
    system: gateway,
    text: '{"message":"Forbidden"}',
    causes: ['api-key-required', 'waf-blocks'],
    source: 'https://docs.snowflake.com/en/sql-reference/external-functions-security',
  },
  {
    system: gateway,
    text: '{"message": "Internal server error"}',
    causes: ['function-crashes', 'function-timeout-too-short'],
    source: gatewayRecordings,
  },
  {
    system: gateway,
    text: `HTTP/1.1 500 Internal Server Error\nContent-Type: application/json\nx-amzn-ErrorType: InternalServerErrorException\n\n{"message": "Internal server error"}`,
    causes: ['function-permission-missing'],
    source: gatewayRecordings,
  },
  {
    system: gateway,
    text: `Request failed for external function HELLO with remote service error: 500 '{"message": "Internal server error"}'`,
    causes: ['function-permission-missing'],
    source: gatewayRecordings,
  },
  {
    system: gateway,
    text: '{"message": "Endpoint request timed out"}',
    causes: ['integration-timeout'],
    source: responses,
  },
  { system: gateway, text: '{"message":"Too Many Requests"}', causes: ['api-throttled'], source: responses },
  { system: gateway, text: '{"message":"Limit Exceeded"}', causes: ['api-quota-exceeded'], source: responses },
  { system: gateway, text: '{"message":"Request Too Long"}', causes: ['request-too-large'], source: responses },
  {
    system: gateway,
    text: 'HTTP content length exceeded 10485760 bytes.',
    causes: ['request-too-large'],
    source:
      'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html',
  },
  { system: gateway, text: 'Request URI too long', causes: ['request-too-large'], source: responses },
  {
    system: gateway,
    text: '{"message":"Unsupported Media Type"}',
    causes: ['content-encoding-wrong'],
    source:
      'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html',
  },
  {
    system: gateway,
    text: '{"message":"Missing required request parameters: [a, b]"}',
    causes: ['request-validator-rejects'],
    source: gatewayRecordings,
  },
  {
    system: gateway,
    text: '{"message":"Invalid request body"}',
    causes: ['request-validator-rejects'],
    source: gatewayRecordings,
  },
]

export const stsExamples: readonly Example[] = [
  {
    system: 'STS',
    text: assume(''),
    causes: ['caller-role-principal-wrong', 'external-id-missing', 'assume-not-allowed'],
    source: assumeRole,
  },
  {
    system: 'STS',
    text: assume(' because no identity-based policy allows the sts:AssumeRole action'),
    causes: ['assume-not-allowed'],
    source: denials,
  },
  {
    system: 'STS',
    text: assume(' because no role trust policy allows the sts:AssumeRole action'),
    causes: ['external-id-missing', 'external-id-wrong', 'caller-role-principal-wrong'],
    source: denials,
  },
  {
    system: 'STS',
    text: assume(' with an explicit deny in the role trust policy'),
    causes: ['caller-pending'],
    source: denials,
  },
  {
    system: 'STS',
    text: assume(' because no role trust policy allows the sts:AssumeRole action', 'NeptuneReader'),
    causes: ['target-role-denied'],
    source: denials,
  },
  { system: 'STS', text: assume('', 'NeptuneReader'), causes: ['target-role-denied'], source: assumeRole },
  {
    system: 'STS',
    text: assume('').replace('sts:AssumeRole', 'sts:TagSession'),
    causes: ['tag-session-denied'],
    source: denials,
  },
  {
    system: 'STS',
    text: assume('').replace('sts:AssumeRole', 'sts:SetSourceIdentity'),
    causes: ['source-identity-denied'],
    source: denials,
  },
  {
    system: 'STS',
    text: 'An error occurred (AccessDenied) when calling the GetWebIdentityToken operation: User: arn:aws:sts::111111111111:assumed-role/snowgate-dev-snowflake-probe-function/snowgate-dev-snowflake-probe is not authorized to perform: sts:GetWebIdentityToken on resource: *',
    causes: ['web-identity-denied'],
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html',
  },
  {
    system: 'STS',
    text: 'OutboundWebIdentityFederationDisabled',
    causes: ['web-identity-disabled'],
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_getting_started.html',
  },
  {
    system: 'STS',
    text: '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Roles may not be assumed by root accounts.</Message></Error></ErrorResponse>',
    causes: ['root-assumes-role'],
    source: assumeRole,
  },
  {
    system: 'STS',
    text: "1 validation error detected: Value 'my session' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    causes: ['session-name-invalid'],
    source: assumeRole,
  },
  {
    system: 'STS',
    text: "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    causes: ['role-arn-malformed'],
    source: assumeRole,
  },
  {
    system: 'STS',
    text: 'An error occurred (ValidationError) when calling the AssumeRole operation: arn:aws:sts::111111111111:assumed-role/door/me is invalid',
    causes: ['role-arn-malformed'],
    source: assumeRole,
  },
  {
    system: 'STS',
    text: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    causes: ['session-duration-too-long'],
    source: assumeRole,
  },
  {
    system: 'STS',
    text: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    causes: ['session-duration-too-long'],
    source: assumeRole,
  },
  {
    system: 'STS',
    text: "1 validation error detected: Value '60' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    causes: ['session-duration-too-long'],
    source: assumeRole,
  },
  {
    system: 'STS',
    text: '<Error><Type>Sender</Type><Code>ValidationError</Code><Message>arn:aws:iam::111111111111:user/me is invalid</Message></Error>',
    causes: ['role-arn-malformed'],
    source: assumeRole,
  },
  {
    system: 'STS',
    text: 'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    causes: ['session-tags-invalid'],
    source: sessionTags,
  },
  {
    system: 'STS',
    text: 'The specified transitive tag key must be included in the requested tags.',
    causes: ['session-tags-invalid'],
    source: sessionTags,
  },
  {
    system: 'STS',
    text: "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    causes: ['session-tags-invalid'],
    source: sessionTags,
  },
  {
    system: 'STS',
    text: '<Code>MalformedPolicyDocument</Code>',
    causes: ['session-policy-invalid'],
    source: assumeRole,
  },
  {
    system: 'STS',
    text: 'STS is not activated in this region for account:222222222222. Your account administrator can activate STS in this region using the IAM Console.',
    causes: ['sts-region-disabled'],
    source: assumeRole,
  },
  {
    system: 'STS',
    text: 'Request is missing Authentication Token',
    causes: ['request-unsigned', 'credentials-missing'],
    source: measured,
  },
]

const guardrails = ['session policy', 'permissions boundary', 'service control policy', 'VPC endpoint policy']

export const policyExamples: readonly Example[] = [
  ...guardrails.map((kind) => assume(` with an explicit deny in a ${kind}`)),
  ...guardrails.map((kind) => call(` because no ${kind} allows the execute-api:Invoke action`)),
  assume(' with an explicit deny in an identity-based policy'),
].map((text) => ({ system: 'IAM', text, causes: ['guardrail-denies'], source: denials }))

export const ssmExamples: readonly Example[] = [
  { system: 'SSM', text: '{"__type":"ParameterNotFound"}', causes: ['parameter-missing'], source: parameter },
  {
    system: 'SSM',
    text: 'ParameterNotFound: UnknownError',
    causes: ['parameter-missing'],
    source: 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html',
  },
  {
    system: 'SSM',
    text: 'Systems Manager could not find version 7 of /snowgate/dev/snowflake/private-key. Verify the version and try again.',
    causes: ['parameter-name-wrong'],
    source: parameter,
  },
  {
    system: 'SSM',
    text: "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
    causes: ['parameter-name-wrong'],
    source: parameter,
  },
  {
    system: 'SSM',
    text: 'User: arn:aws:sts::111111111111:assumed-role/snowgate-dev-snowflake-probe-function/snowgate-dev-snowflake-probe is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:eu-central-1:111111111111:parameter/snowgate/dev/snowflake/private-key because no identity-based policy allows the ssm:GetParameter action',
    causes: ['parameter-denied'],
    source: denials,
  },
  {
    system: 'SSM',
    text: 'User: arn:aws:sts::111111111111:assumed-role/taskExecutionRole/abcdef is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-central-1:111111111111:parameter/snowgate/dev/snowflake/private-key because no identity-based policy allows the ssm:GetParameters action',
    causes: ['parameter-denied'],
    source: denials,
  },
  {
    system: 'SSM',
    text: 'User: arn:aws:sts::111111111111:assumed-role/taskExecutionRole/abcdef is not authorized to perform: ssm:GetParameters on resource: arn:aws:ssm:eu-central-1:111111111111:* because no identity-based policy allows the ssm:GetParameters action',
    causes: ['parameter-denied'],
    source: denials,
  },
  {
    system: 'SSM',
    text: 'User: arn:aws:sts::111111111111:assumed-role/snowgate-dev-snowflake-probe-function/probe is not authorized to perform: ssm:GetParameter on resource: arn:aws:ssm:eu-central-1:111111111111:*',
    causes: ['parameter-denied'],
    source: denials,
  },
  {
    system: 'SSM',
    text: 'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access. (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: 11111111-2222-3333-4444-555555555555)',
    causes: ['parameter-key-denied'],
    source: 'https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html',
  },
  { system: 'SSM', text: 'InvalidKeyId', causes: ['parameter-key-disabled'], source: parameter },
]

export const lambdaExamples: readonly Example[] = [
  {
    system: 'Lambda',
    text: '{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: 11111111-2222-3333-4444-555555555555 Error: Task timed out after 1.00 seconds"}',
    causes: ['function-timeout-too-short'],
    source: lambdaRecordings,
  },
  {
    system: 'Lambda',
    text: '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 11111111-2222-3333-4444-555555555555 Error: Runtime exited without providing a reason"}',
    causes: ['function-crashes', 'function-memory-too-small'],
    source: lambdaRecordings,
  },
  {
    system: 'Lambda',
    text: 'RequestId: 11111111-2222-3333-4444-555555555555 Error: Runtime exited with error: exit status 1',
    causes: ['function-crashes'],
    source: lambdaRecordings,
  },
  {
    system: 'Lambda',
    text: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    causes: ['answer-too-large'],
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
  },
  {
    system: 'Lambda',
    text: '{"errorType":"Runtime.CallbackHandlerDeprecated"}',
    causes: ['function-does-not-load'],
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html',
  },
  {
    system: 'Lambda',
    text: '{"Message":"Function not found: arn:aws:lambda:eu-central-1:111111111111:function:snowgate-dev-hello:$LATEST","Type":"User"}',
    causes: ['not-deployed'],
    source: lambdaRecordings,
  },
  {
    system: 'Lambda',
    text: 'TooManyRequestsException: Rate Exceeded.',
    causes: ['function-throttled'],
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html',
  },
  {
    system: 'Lambda',
    text: '6291557 byte payload is too large for the RequestResponse invocation type (limit 6291456 bytes)',
    causes: ['request-too-large'],
    source: 'https://github.com/ASFHyP3/hyp3/issues/2241',
  },
  {
    system: 'Lambda',
    text: 'An error occurred (InvalidRequestContentException) when calling the Invoke operation: Could not parse request body into json: Could not parse payload into json',
    causes: ['payload-not-json'],
    source: lambdaRecordings,
  },
  {
    system: 'Lambda',
    text: invoke(' because no identity-based policy allows the lambda:InvokeFunction action'),
    causes: ['invoke-not-granted'],
    source: denials,
  },
  {
    system: 'Lambda',
    text: invoke(' because no resource-based policy allows the lambda:InvokeFunction action'),
    causes: ['caller-role-not-assumed', 'caller-not-in-map'],
    source: denials,
  },
]
