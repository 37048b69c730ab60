import type { SystemTexts } from '../error-text.ts'

const repost = 'https://repost.aws/knowledge-center/api-gateway-troubleshoot-403-forbidden'
const denials = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html'
const types = 'https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html'
const recordings = 'https://github.com/localstack/localstack/tree/main/tests/aws/services/apigateway'

export const apiGatewayTexts: SystemTexts = {
  system: 'API Gateway',
  texts: [
    {
      says: ['User: anonymous is not authorized to perform: execute-api:Invoke'],
      means: 'The API accepted the unsigned request, and its resource policy rejects anonymous callers.',
      causes: ['method-without-iam'],
      source: 'https://docs.snowflake.com/en/sql-reference/external-functions-creating-aws-troubleshooting',
    },
    {
      says: [
        'User: arn:<partition>:sts::<account>:assumed-role/snowgate-<stage>-<caller>/<word> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> with an explicit deny in a resource-based policy',
      ],
      means: 'The signature is valid for a caller role, and the API’s resource policy denies this role.',
      causes: ['stage-wrong', 'map-not-deployed', 'policy-not-deployed'],
      source: denials,
    },
    {
      says: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> with an explicit deny in a resource-based policy',
      ],
      means: 'The signature is valid, and the API’s resource policy denies the signer.',
      causes: ['caller-role-not-assumed', 'caller-not-in-map', 'map-not-deployed', 'policy-not-deployed'],
      source: denials,
    },
    {
      says: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> because no identity-based policy allows the execute-api:Invoke action',
      ],
      means: 'The signature is valid, and the role that signed is not allowed to call this method and path.',
      causes: ['route-not-granted', 'map-not-deployed', 'caller-role-not-assumed'],
      source: denials,
    },
    {
      says: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> because no resource-based policy allows the execute-api:Invoke action',
      ],
      means: 'The signature is valid, and the API’s deployed resource policy does not allow the signer.',
      causes: ['caller-not-in-map', 'policy-not-deployed', 'policy-missing', 'caller-role-not-assumed'],
      source: denials,
    },
    {
      says: [
        'User: arn:<partition>:sts::<account>:assumed-role/snowgate-<stage>-<caller>/<word> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path>',
      ],
      means: 'The signature is valid for a caller role, and a policy does not allow the call.',
      causes: ['route-not-granted', 'stage-wrong', 'policy-not-deployed', 'map-not-deployed'],
      source: 'https://github.com/serverless/serverless/issues/11808',
    },
    {
      says: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path>',
        'User: <who> is not authorized to perform: execute-api:Invoke',
      ],
      means: 'The signature is valid, and a policy does not allow the call.',
      causes: ['caller-role-not-assumed', 'caller-not-in-map', 'route-not-granted', 'policy-not-deployed'],
      source: 'https://github.com/serverless/serverless/issues/11808',
    },
    {
      says: ['Missing Authentication Token'],
      codes: ['MissingAuthenticationTokenException', 'MissingAuthenticationToken'],
      means: 'The stage has no such method and path. API Gateway returns the same error for an unsigned request.',
      causes: ['url-wrong', 'route-missing', 'request-unsigned', 'poll-route-missing'],
      source: repost,
    },
    {
      says: ['{"message":"Forbidden"}'],
      means: 'API Gateway rejects the request before it checks the signature.',
      causes: ['api-key-required', 'waf-blocks'],
      source: 'https://docs.snowflake.com/en/sql-reference/external-functions-security',
    },
    {
      says: [`error: 500 '{"message":"Internal server error"}`, '500 …{"message":"Internal server error"}'],
      means: 'API Gateway is not allowed to invoke the function.',
      causes: ['function-permission-missing'],
      source: recordings,
    },
    {
      says: ['{"message":"Internal server error"}'],
      means:
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
      says: ['{"message":"Endpoint request timed out"}'],
      means: 'The function took longer than API Gateway’s integration timeout.',
      causes: ['integration-timeout', 'function-timeout-too-short'],
      source: types,
    },
    {
      says: ['{"message":"Too Many Requests"}'],
      means: 'The request rate exceeds the limit of the account, the stage or the function.',
      causes: ['api-throttled', 'function-throttled'],
      source: types,
    },
    {
      says: ['{"message":"Limit Exceeded"}'],
      means: 'The quota of an API key’s usage plan is exhausted.',
      causes: ['api-quota-exceeded'],
      source: types,
    },
    {
      says: ['{"message":"Request Too Long"}', 'HTTP content length exceeded 10485760 bytes', 'Request URI too long'],
      means: 'The request is larger than API Gateway’s limit.',
      causes: ['request-too-large'],
      source:
        'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html',
    },
    {
      says: ['{"message":"Unsupported Media Type"}'],
      means: 'API Gateway cannot decode the body as its Content-Encoding header says.',
      causes: ['content-encoding-wrong'],
      source:
        'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html',
    },
    {
      says: ['Missing required request parameters: [', '{"message":"Invalid request body"}'],
      means: 'A request validator of the API rejects the request.',
      causes: ['request-validator-rejects'],
      source: recordings,
    },
  ],
}
