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
      means: 'The request was let through unsigned, up to the policy of the API, which admits nobody without a name.',
      causes: ['method-without-iam'],
      source: 'https://docs.snowflake.com/en/sql-reference/external-functions-creating-aws-troubleshooting',
    },
    {
      says: [
        'User: arn:<partition>:sts::<account>:assumed-role/snowgate-<stage>-<caller>/<word> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> with an explicit deny in a resource-based policy',
      ],
      means: 'The signature is of a door role, and the policy of the API shuts that door out.',
      causes: ['stage-wrong', 'map-not-deployed', 'policy-not-deployed'],
      source: denials,
    },
    {
      says: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> with an explicit deny in a resource-based policy',
      ],
      means: 'The signature is right, and the policy of the API shuts out whoever signed.',
      causes: ['door-not-assumed', 'caller-not-admitted', 'map-not-deployed', 'policy-not-deployed'],
      source: denials,
    },
    {
      says: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> because no identity-based policy allows the execute-api:Invoke action',
      ],
      means: 'The signature is right, and the role that signed may not call this method and path.',
      causes: ['route-not-granted', 'map-not-deployed', 'door-not-assumed'],
      source: denials,
    },
    {
      says: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path> because no resource-based policy allows the execute-api:Invoke action',
      ],
      means: 'The signature is right, and the policy of the API in force does not know whoever signed.',
      causes: ['caller-not-admitted', 'policy-not-deployed', 'policy-missing', 'door-not-assumed'],
      source: denials,
    },
    {
      says: [
        'User: arn:<partition>:sts::<account>:assumed-role/snowgate-<stage>-<caller>/<word> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path>',
      ],
      means: 'The signature is of a door role, and a policy does not allow it the call.',
      causes: ['route-not-granted', 'stage-wrong', 'policy-not-deployed', 'map-not-deployed'],
      source: 'https://github.com/serverless/serverless/issues/11808',
    },
    {
      says: [
        'User: <who> is not authorized to perform: execute-api:Invoke on resource: arn:<partition>:execute-api:<region>:<masked>:<api>/<stage>/<method>/<path>',
        'User: <who> is not authorized to perform: execute-api:Invoke',
      ],
      means: 'The signature is right, and a policy does not allow the call.',
      causes: ['door-not-assumed', 'caller-not-admitted', 'route-not-granted', 'policy-not-deployed'],
      source: 'https://github.com/serverless/serverless/issues/11808',
    },
    {
      says: ['Missing Authentication Token'],
      codes: ['MissingAuthenticationTokenException', 'MissingAuthenticationToken'],
      means: 'The stage has no such method and path. API Gateway says the same of a request without a signature.',
      causes: ['url-wrong', 'route-missing', 'request-unsigned', 'poll-route-missing'],
      source: repost,
    },
    {
      says: ['{"message":"Forbidden"}'],
      means: 'API Gateway turns the request away before it looks at the signature.',
      causes: ['api-key-required', 'firewall-blocks'],
      source: 'https://docs.snowflake.com/en/sql-reference/external-functions-security',
    },
    {
      says: [`error: 500 '{"message":"Internal server error"}`, '500 …{"message":"Internal server error"}'],
      means: 'API Gateway may not invoke the function.',
      causes: ['function-permission-missing'],
      source: recordings,
    },
    {
      says: ['{"message":"Internal server error"}'],
      means: 'The function failed or answered in a wrong form (502), or API Gateway may not invoke it (500).',
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
      means: 'The function took longer than API Gateway waits.',
      causes: ['integration-timeout', 'function-timeout-too-short'],
      source: types,
    },
    {
      says: ['{"message":"Too Many Requests"}'],
      means: 'Requests come faster than the account, the stage or the function may take them.',
      causes: ['api-throttled', 'function-throttled'],
      source: types,
    },
    {
      says: ['{"message":"Limit Exceeded"}'],
      means: 'The usage plan of an API key is used up.',
      causes: ['api-quota-exceeded'],
      source: types,
    },
    {
      says: ['{"message":"Request Too Long"}', 'HTTP content length exceeded 10485760 bytes', 'Request URI too long'],
      means: 'The request is larger than API Gateway takes.',
      causes: ['request-too-large'],
      source:
        'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html',
    },
    {
      says: ['{"message":"Unsupported Media Type"}'],
      means: 'API Gateway cannot decode the body as its header says.',
      causes: ['content-encoding-wrong'],
      source:
        'https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html',
    },
    {
      says: ['Missing required request parameters: [', '{"message":"Invalid request body"}'],
      means: 'A validator of the API refuses the request.',
      causes: ['validator-refuses'],
      source: recordings,
    },
  ],
}
