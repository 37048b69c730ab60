import type { Cause } from './cause.ts'

/** Causes in the deployment: the API, its policy, its methods, and its functions. */
export const deploymentCauses = {
  'not-deployed': {
    summary: 'The stage is not deployed in this account and region.',
    howToTell: 'aws cloudformation describe-stacks --stack-name snowgate-<stage> --region <region> finds no stack.',
    fix: 'npx snowgate deploy --stage <stage>',
  },
  'map-not-deployed': {
    summary: 'access.yml has changed since the stage was deployed.',
    howToTell:
      'npx snowgate doctor compares the two. Manually: the policy in aws apigateway get-rest-api --rest-api-id <api> lacks an entry of access.yml.',
    fix: 'npx snowgate deploy --stage <stage>',
  },
  'endpoint-edge': {
    summary: 'The API is edge-optimized, but Snowflake calls only regional and private APIs.',
    howToTell: 'aws apigateway get-rest-api --rest-api-id <api> --query endpointConfiguration.types shows EDGE.',
    fix: 'endpointType: REGIONAL under provider in serverless.yml, then npx snowgate deploy --stage <stage>.',
  },
  'policy-not-deployed': {
    summary: 'The API’s resource policy was saved but not deployed: the stage still uses the previous policy.',
    howToTell:
      'aws apigateway get-rest-api --rest-api-id <api> --query policy shows a policy that allows the call, and the newest createdDate of aws apigateway get-deployments --rest-api-id <api> is older than that change.',
    fix: 'aws apigateway create-deployment --rest-api-id <api> --stage-name <stage>, or npx snowgate deploy --stage <stage>, which makes one each time.',
  },
  'policy-missing': {
    summary: 'The API has no resource policy.',
    howToTell:
      'aws apigateway get-rest-api --rest-api-id <api> --query policy prints null. API Gateway rejects callers of other accounts and allows administrators of the same account.',
    fix: 'npx snowgate deploy --stage <stage>',
  },
  'route-missing': {
    summary: 'The API of this stage does not have this method and path, because no caller in access.yml has the route.',
    howToTell:
      'aws apigateway get-resources --rest-api-id <api> --embed methods does not list it, and routes: of no caller in access.yml has it.',
    fix: 'Add it to routes of a caller in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'poll-route-missing': {
    summary: 'The caller is allowed to POST to the path but not to GET, which Snowflake uses to poll for a slow batch.',
    howToTell:
      'Fast queries succeed and slow ones fail with a 403; routes: of the caller in access.yml has no GET for the path.',
    fix: 'routes: [POST /<path>, GET /<path>] under the caller in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'method-without-iam': {
    summary: 'A method of the API does not require IAM authorization, so its policy sees every caller as anonymous.',
    howToTell:
      'The error says anonymous. aws apigateway get-resources --rest-api-id <api> --embed methods shows an authorizationType other than AWS_IAM.',
    fix: 'npx snowgate deploy --stage <stage>, which gives every method AWS_IAM.',
  },
  'api-key-required': {
    summary: 'A method of the API requires an API key in addition to the signature.',
    howToTell: 'aws apigateway get-resources --rest-api-id <api> --embed methods shows "apiKeyRequired": true.',
    fix: "npx snowgate deploy --stage <stage>, which removes the requirement. To keep the key: ALTER API INTEGRATION <integration> SET API_KEY = '<key>'; other callers send the header x-api-key.",
  },
  'waf-blocks': {
    summary: 'An AWS WAF web ACL blocks the request.',
    howToTell: 'aws apigateway get-stage --rest-api-id <api> --stage-name <stage> --query webAclArn names one.',
    fix: 'Ask the owner of the web ACL to allow the caller.',
  },
  'request-validator-rejects': {
    summary: 'A request validator of the API rejects the request before it reaches a function.',
    howToTell:
      'aws apigateway get-request-validators --rest-api-id <api> lists validators. The API that snowgate deploys has none, so this may be another API.',
    fix: 'Call the API that npx snowgate deploy --stage <stage> prints, or deploy again to remove the validators.',
  },
  'function-permission-missing': {
    summary: 'API Gateway is not allowed to invoke the function, or the function does not exist.',
    howToTell:
      'The status is 500 (not 502), and the function did not log the request. aws lambda get-policy --function-name snowgate-<stage>-<function> does not name the API.',
    fix: 'npx snowgate deploy --stage <stage>',
  },
  'function-does-not-load': {
    summary: 'Lambda cannot load the function’s code or handler.',
    howToTell:
      'aws logs tail /aws/lambda/snowgate-<stage>-<function> --since 10m shows a runtime error before the first line of the function.',
    fix: 'npm ci, then npx snowgate deploy --stage <stage>. A handler of your own takes two parameters at most, and its bundle is CommonJS.',
  },
  'function-crashes': {
    summary: 'The function threw an error, or its process exited.',
    howToTell: 'aws logs tail /aws/lambda/snowgate-<stage>-<function> --since 10m shows the error.',
    fix: 'Fix the error in the log, then npx snowgate deploy --stage <stage>. If it is not in your code, it is a bug in snowgate: report it.',
  },
  'function-timeout-too-short': {
    summary: 'The function reached its Lambda timeout.',
    howToTell:
      'aws logs tail /aws/lambda/snowgate-<stage>-<function> --since 10m shows that the task timed out. A login to Snowflake can take 9 s.',
    fix: 'Raise timeout of the function in infra/template/function-definitions.ts, to 29 at most behind the API, then npx snowgate deploy --stage <stage>.',
  },
  'function-memory-too-small': {
    summary: 'The function ran out of memory.',
    howToTell:
      'The last REPORT line in its log shows all of its memory used. The Snowflake driver alone uses about 120 MB.',
    fix: 'Raise memorySize of the function in infra/template/function-definitions.ts, to 512 or more for snowflake-probe, then npx snowgate deploy --stage <stage>.',
  },
  'function-throttled': {
    summary: 'The function or the account has reached its Lambda concurrency limit.',
    howToTell:
      'aws lambda get-function-concurrency --function-name snowgate-<stage>-<function> and aws lambda get-account-settings --query AccountLimit show the limits.',
    fix: 'aws lambda delete-function-concurrency --function-name snowgate-<stage>-<function>, or request a quota increase for the account; until then use a smaller warehouse.',
  },
  'integration-timeout': {
    summary: 'The function took longer than API Gateway’s integration timeout, 29 seconds by default.',
    howToTell: 'The status is 504 (not 502), and the function’s log continues for that request afterwards.',
    fix: 'Send smaller batches: ALTER FUNCTION <function>(<types>) SET MAX_BATCH_ROWS = 100. Or make the function asynchronous (docs/functions.md).',
  },
  'api-throttled': {
    summary: 'API Gateway throttles the requests of the account, the stage or the method.',
    howToTell:
      'The functions did not log the throttled requests. aws apigateway get-account --query throttleSettings shows the limit.',
    fix: 'Snowflake slows down automatically. Other callers should wait and retry. For a higher rate, request a quota increase.',
  },
  'api-quota-exceeded': {
    summary: 'The quota of the API key’s usage plan is exhausted.',
    howToTell:
      'aws apigateway get-usage-plans lists plans with a quota for the API. The API that snowgate deploys is in no usage plan.',
    fix: 'Raise the quota of the plan, or npx snowgate deploy --stage <stage>, which removes the API key requirement.',
  },
  'answer-malformed': {
    summary: 'The function’s response is not in API Gateway’s proxy format.',
    howToTell:
      'Its log shows no error. A direct invocation does not return an object with statusCode, headers, multiValueHeaders, isBase64Encoded and a string body.',
    fix: 'Create the handler with createLambdaHandler of shared/http, as snowgate’s functions do, then npx snowgate deploy --stage <stage>.',
  },
  'rows-malformed': {
    summary: 'The response has no rows, or not the rows of the request.',
    howToTell:
      'npx snowgate call POST /hello -H "sf-external-function-format: json" -d \'{"data":[[0,"Alice"]]}\' answers {"data":[[0,"Hello, Alice"]]}; DESC FUNCTION shows that the URL of the external function points to another service.',
    fix: 'npx snowgate setup sql --stage <stage>, and run what it prints: it sets the functions to the API of snowgate. Create a handler of your own with createLambdaHandler of shared/http.',
  },
  'answer-too-large': {
    summary: 'The response is larger than the limit of Lambda, API Gateway or Snowflake.',
    howToTell: 'Fewer rows succeed. The limit is 6,291,556 bytes for Lambda, and 10 MB for API Gateway and Snowflake.',
    fix: 'ALTER FUNCTION <function>(<types>) SET MAX_BATCH_ROWS = 100, or request less data at once.',
  },
  'request-too-large': {
    summary: 'The request is larger than the limit of API Gateway or Lambda.',
    howToTell:
      'A smaller request succeeds. The limits are 10 MB for the body, 6 MB for the JSON event of the function, and 10,240 bytes for all headers together and for the URL.',
    fix: 'ALTER FUNCTION <function>(<types>) SET MAX_BATCH_ROWS = 100, fewer CONTEXT_HEADERS, or send less at once.',
  },
  'payload-not-json': {
    summary: 'The payload of a direct invocation is not valid JSON.',
    howToTell: 'aws --version shows 2, which expects a base64 payload by default.',
    fix: 'aws lambda invoke --cli-binary-format raw-in-base64-out --function-name snowgate-<stage>-<function> --payload \'{"name":"Alice"}\' answer.json',
  },
  'content-encoding-wrong': {
    summary: 'The Content-Encoding header does not match the body, or API Gateway does not support it.',
    howToTell: 'The same request succeeds without Content-Encoding and with an uncompressed body.',
    fix: 'Send gzip, deflate or no compression, with a matching header; in Snowflake ALTER FUNCTION <function>(<types>) SET COMPRESSION = GZIP.',
  },
} as const satisfies Record<string, Cause>
