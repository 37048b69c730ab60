import type { SystemMessages } from '../known-message.ts'

const repost = 'https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden'
const denials = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html'
const types = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html'
const recordings = 'https://github.com/localstack/localstack/tree/main/tests/aws/services/apigateway'

export const apiGatewayMessages: SystemMessages = {
  system: 'API Gateway',
  messages: [
    {
      phrases: ['User: anonymous is not authorized to perform: execute-api:Invoke'],
      summary: 'The API accepted the unsigned request, and its resource policy rejects anonymous callers.',
      causes: ['method-without-iam'],
      source: 'https://docs.snowflake.com/en/sql-reference/external-functions-creating-aws-troubleshooting',
    },
    {
      phrases: [
        'User: arn:<partition>:sts::<account>:assumed-role/snowgate-<stage>-<caller>/<word> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> with an explicit deny in a resource-based policy',
      ],
      summary: 'The signature is valid for a caller role, and the API’s resource policy denies this role.',
      causes: ['stage-wrong', 'map-not-deployed', 'policy-not-deployed'],
      source: denials,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> with an explicit deny in a resource-based policy',
      ],
      summary: 'The signature is valid, and the API’s resource policy denies the signer.',
      causes: ['caller-role-not-assumed', 'caller-not-in-map', 'map-not-deployed', 'policy-not-deployed'],
      source: denials,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> because no identity-based policy allows the execute-api:Invoke action',
      ],
      summary: 'The signature is valid, and the role that signed is not allowed to call this method and path.',
      causes: ['route-not-granted', 'map-not-deployed', 'caller-role-not-assumed'],
      source: denials,
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> because no resource-based policy allows the execute-api:Invoke action',
      ],
      summary: 'The signature is valid, and the API’s deployed resource policy does not allow the signer.',
      causes: ['caller-not-in-map', 'policy-not-deployed', 'policy-missing', 'caller-role-not-assumed'],
      source: denials,
    },
    {
      phrases: [
        'User: arn:<partition>:sts::<account>:assumed-role/snowgate-<stage>-<caller>/<word> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path>',
      ],
      summary: 'The signature is valid for a caller role, and a policy does not allow the call.',
      causes: ['route-not-granted', 'stage-wrong', 'policy-not-deployed', 'map-not-deployed'],
      source: 'https://github.com/serverless/serverless/issues/11808',
    },
    {
      phrases: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path>',
        'User: <who> is not authorized to perform: execute-api:Invoke',
      ],
      summary: 'The signature is valid, and a policy does not allow the call.',
      causes: ['caller-role-not-assumed', 'caller-not-in-map', 'route-not-granted', 'policy-not-deployed'],
      source: 'https://github.com/serverless/serverless/issues/11808',
    },
    {
      phrases: ['Missing Authentication Token'],
      codes: ['MissingAuthenticationTokenException', 'MissingAuthenticationToken'],
      summary: 'The stage has no such method and path. API Gateway returns the same error for an unsigned request.',
      causes: ['url-wrong', 'route-missing', 'request-unsigned', 'poll-route-missing'],
      source: repost,
    },
    {
      phrases: ['{"message":"Forbidden"}'],
      summary: 'API Gateway rejects the request before it checks the signature.',
      causes: ['api-key-required', 'waf-blocks'],
      source: 'https://docs.snowflake.com/en/sql-reference/external-functions-security',
    },
    {
      phrases: [`error: 500 '{"message":"Internal server error"}`, '500 …{"message":"Internal server error"}'],
      summary: 'API Gateway is not allowed to invoke the function.',
      causes: ['function-permission-missing'],
      source: recordings,
    },
    {
      phrases: ['{"message":"Internal server error"}'],
      summary:
        'The function failed or returned an invalid response (502), or API Gateway is not allowed to invoke it (500).',
      causes: [
        'function-crashes',
        'function-timeout-too-short',
        'function-memory-too-small',
        'answer-malformed',
        'answer-too-large',
        'function-does-not-load',
        'function-permission-missing',
      ],
      source: recordings,
    },
    {
      phrases: ['{"message":"Endpoint request timed out"}'],
      summary: 'The function took longer than API Gateway’s integration timeout.',
      causes: ['integration-timeout', 'function-timeout-too-short'],
      source: types,
    },
    {
      phrases: ['{"message":"Too Many Requests"}'],
      summary: 'The request rate exceeds the limit of the account, the stage or the function.',
      causes: ['api-throttled', 'function-throttled'],
      source: types,
    },
    {
      phrases: ['{"message":"Limit Exceeded"}'],
      summary: 'The quota of an API key’s usage plan is exhausted.',
      causes: ['api-quota-exceeded'],
      source: types,
    },
    {
      phrases: [
        '{"message":"Request Too Long"}',
        'HTTP content length exceeded 10485760 bytes',
        'Request URI too long',
      ],
      summary: 'The request is larger than API Gateway’s limit.',
      causes: ['request-too-large'],
      source:
        'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html',
    },
    {
      phrases: ['{"message":"Unsupported Media Type"}'],
      summary: 'API Gateway cannot decode the body as its Content-Encoding header says.',
      causes: ['content-encoding-wrong'],
      source:
        'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html',
    },
    {
      phrases: ['Missing required request parameters: [', '{"message":"Invalid request body"}'],
      summary: 'A request validator of the API rejects the request.',
      causes: ['request-validator-rejects'],
      source: recordings,
    },
  ],
}
