import type { Cause } from './cause.ts'

/** What is deployed: the API, its policy, its methods, and the functions behind it. */
export const deploymentCauses = {
  'not-deployed': {
    what: 'The stage is not deployed in this account and region.',
    tell: 'aws cloudformation describe-stacks --stack-name snowgate-<stage> --region <region> finds no stack.',
    mend: 'npx snowgate deploy --stage <stage>',
  },
  'map-not-deployed': {
    what: 'access.yml has changed since the stage was deployed.',
    tell: 'npx snowgate doctor compares the two. By hand: the policy in aws apigateway get-rest-api --rest-api-id <api> lacks what the map says.',
    mend: 'npx snowgate deploy --stage <stage>',
  },
  'endpoint-edge': {
    what: 'The API is edge-optimised, and Snowflake calls regional and private ones only.',
    tell: 'aws apigateway get-rest-api --rest-api-id <api> --query endpointConfiguration.types shows EDGE.',
    mend: 'endpointType: REGIONAL under provider in serverless.yml, then npx snowgate deploy --stage <stage>.',
  },
  'policy-not-deployed': {
    what: 'The resource policy of the API was saved, and the stage still runs with the one before.',
    tell: 'aws apigateway get-rest-api --rest-api-id <api> --query policy shows what should let the call in, and the newest createdDate of aws apigateway get-deployments --rest-api-id <api> is older than that change.',
    mend: 'aws apigateway create-deployment --rest-api-id <api> --stage-name <stage>, or npx snowgate deploy --stage <stage>, which makes one each time.',
  },
  'policy-missing': {
    what: 'The API has no resource policy.',
    tell: 'aws apigateway get-rest-api --rest-api-id <api> --query policy prints null; callers of other accounts are refused, and administrators of the own account let in.',
    mend: 'npx snowgate deploy --stage <stage>',
  },
  'route-missing': {
    what: 'The API of this stage does not have that method and path, since no caller on the map has the route.',
    tell: 'aws apigateway get-resources --rest-api-id <api> --embed methods does not list it, and routes: of no caller in access.yml has it.',
    mend: 'Add it to routes of a caller in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'poll-route-missing': {
    what: 'The caller may POST to the path and not GET, which is how Snowflake asks for the answer of a slow batch.',
    tell: 'Fast queries succeed and slow ones fail with a 403; routes: of the caller in access.yml has no GET for the path.',
    mend: 'routes: [POST /<path>, GET /<path>] under the caller in access.yml, then npx snowgate deploy --stage <stage>.',
  },
  'method-without-iam': {
    what: 'A method of the API does not ask for a signature, so that everybody is nobody to its policy.',
    tell: 'The refusal says anonymous; aws apigateway get-resources --rest-api-id <api> --embed methods shows an authorizationType other than AWS_IAM.',
    mend: 'npx snowgate deploy --stage <stage>, which gives every method AWS_IAM.',
  },
  'api-key-required': {
    what: 'A method of the API asks for an API key besides the signature.',
    tell: 'aws apigateway get-resources --rest-api-id <api> --embed methods shows "apiKeyRequired": true.',
    mend: "npx snowgate deploy --stage <stage>, whose methods ask for none. To keep the key: ALTER API INTEGRATION <integration> SET API_KEY = '<key>'; other callers send the header x-api-key.",
  },
  'firewall-blocks': {
    what: 'A web ACL of AWS WAF before the API blocks the request.',
    tell: 'aws apigateway get-stage --rest-api-id <api> --stage-name <stage> --query webAclArn names one.',
    mend: 'Have whoever keeps the web ACL let the caller through.',
  },
  'validator-refuses': {
    what: 'A request validator of the API refuses the request before any function sees it.',
    tell: 'aws apigateway get-request-validators --rest-api-id <api> lists some; the API that snowgate deploys has none, so it may be another API.',
    mend: 'Call the API that npx snowgate deploy --stage <stage> prints, or deploy it again to take the validators away.',
  },
  'function-permission-missing': {
    what: 'API Gateway may not invoke the function, or the function is not there.',
    tell: 'It is 500 and not 502, and the function has no log of the request; aws lambda get-policy --function-name snowgate-<stage>-<function> does not name the API.',
    mend: 'npx snowgate deploy --stage <stage>',
  },
  'function-does-not-load': {
    what: 'Lambda cannot load the code of the function, or not its handler.',
    tell: 'aws logs tail /aws/lambda/snowgate-<stage>-<function> --since 10m shows an error of the runtime before the first line of the function.',
    mend: 'npm ci, then npx snowgate deploy --stage <stage>. A handler of your own takes two parameters at most, and its bundle is CommonJS.',
  },
  'function-crashes': {
    what: 'The function threw, or its process ended.',
    tell: 'aws logs tail /aws/lambda/snowgate-<stage>-<function> --since 10m shows with what.',
    mend: 'Mend what the log names, then npx snowgate deploy --stage <stage>. When it is none of your code, it is a defect of snowgate: report it.',
  },
  'function-timeout-too-short': {
    what: 'Lambda ended the function at its timeout.',
    tell: 'aws logs tail /aws/lambda/snowgate-<stage>-<function> --since 10m shows that the task timed out. A login to Snowflake has been seen to take 9 s.',
    mend: 'Raise timeout of the function in infra/functions.ts, to 29 at most behind the API, then npx snowgate deploy --stage <stage>.',
  },
  'function-memory-too-small': {
    what: 'The function ran out of memory.',
    tell: 'The last REPORT line in its log shows all of its memory used. The driver of Snowflake alone takes some 120 MB.',
    mend: 'Raise memorySize of the function in infra/functions.ts, to 512 or more for snowflake-probe, then npx snowgate deploy --stage <stage>.',
  },
  'function-throttled': {
    what: 'Lambda runs as many environments as the function or the account may have.',
    tell: 'aws lambda get-function-concurrency --function-name snowgate-<stage>-<function> and aws lambda get-account-settings --query AccountLimit show how many.',
    mend: 'aws lambda delete-function-concurrency --function-name snowgate-<stage>-<function>, or have the quota of the account raised; until then call from a smaller warehouse.',
  },
  'integration-timeout': {
    what: 'The function took longer than API Gateway waits, 29 seconds unless that was raised.',
    tell: 'It is 504 and not 502, and the log of the function goes on for that request afterwards.',
    mend: 'Send less at once: ALTER FUNCTION <function>(<types>) SET MAX_BATCH_ROWS = 100. Or let the function answer asynchronously (docs/functions.md).',
  },
  'api-throttled': {
    what: 'API Gateway gets more requests than the account, the stage or the method may have.',
    tell: 'The functions have no log of the refused requests; aws apigateway get-account --query throttleSettings shows the limit.',
    mend: 'Snowflake slows down by itself; other callers wait and try again. To have more at once, have the quota raised.',
  },
  'api-quota-exceeded': {
    what: 'The usage plan of the API key is used up.',
    tell: 'aws apigateway get-usage-plans lists plans with a quota for the API; the API that snowgate deploys is in none.',
    mend: 'Raise the quota of the plan, or npx snowgate deploy --stage <stage>, whose methods ask for no key.',
  },
  'answer-malformed': {
    what: 'The function answered in a form that API Gateway does not take.',
    tell: 'Its log shows no error. Invoked directly, it answers something else than an object with statusCode, headers, multiValueHeaders, body and isBase64Encoded, body being a text.',
    mend: 'Let the handler go through httpFunction of shared/http, as those of snowgate do, then npx snowgate deploy --stage <stage>.',
  },
  'rows-malformed': {
    what: 'What answered has no rows in its answer, or not those that were sent.',
    tell: 'npx snowgate call POST /hello -H "sf-external-function-format: json" -d \'{"data":[[0,"Alice"]]}\' answers {"data":[[0,"Hello, Alice"]]}; the URL of the external function, shown by DESC FUNCTION, leads elsewhere.',
    mend: 'npx snowgate setup sql --stage <stage>, and run what it prints: it points the functions to the API of snowgate. A function of your own goes through httpFunction of shared/http.',
  },
  'answer-too-large': {
    what: 'The answer is larger than Lambda, API Gateway or Snowflake take.',
    tell: 'Fewer rows succeed. Lambda returns 6,291,556 bytes at most, API Gateway and Snowflake 10 MB.',
    mend: 'ALTER FUNCTION <function>(<types>) SET MAX_BATCH_ROWS = 100, or ask for less at once.',
  },
  'request-too-large': {
    what: 'The request is larger than API Gateway or Lambda take.',
    tell: 'A smaller one succeeds. The body may have 10 MB, and 6 MB as JSON text in the event of the function; all headers together 10,240 bytes, and so the URL.',
    mend: 'ALTER FUNCTION <function>(<types>) SET MAX_BATCH_ROWS = 100, fewer CONTEXT_HEADERS, or send less at once.',
  },
  'payload-not-json': {
    what: 'The payload of a direct invocation is no JSON text.',
    tell: 'aws --version shows 2: it takes the payload for base64 unless told otherwise.',
    mend: 'aws lambda invoke --cli-binary-format raw-in-base64-out --function-name snowgate-<stage>-<function> --payload \'{"name":"Alice"}\' answer.json',
  },
  'content-encoding-wrong': {
    what: 'The header Content-Encoding says something that the body is not, or that API Gateway does not know.',
    tell: 'The same request without Content-Encoding, its body plain, is let in.',
    mend: 'Send gzip, deflate or nothing, and say so truly; in Snowflake ALTER FUNCTION <function>(<types>) SET COMPRESSION = GZIP.',
  },
} as const satisfies Record<string, Cause>
