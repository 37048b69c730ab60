import type { Example } from './example.ts'

const curl = 'observed with curl 7.88.1'
const requests = 'observed with requests 2.34.2'

/** The network, the shell, and snowgate’s own messages. */
export const networkExamples: readonly Example[] = [
  {
    system: 'network',
    text: 'curl: (6) Could not resolve host: a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
    causes: ['api-host-wrong'],
    source: curl,
  },
  {
    system: 'network',
    text: `HTTPSConnectionPool(host='a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com', port=443): Max retries exceeded with url: / (Caused by NameResolutionError("HTTPSConnection(host='a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com', port=443): Failed to resolve 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com' ([Errno -2] Name or service not known)"))`,
    causes: ['api-host-wrong'],
    source: requests,
  },
  {
    system: 'network',
    text: 'getaddrinfo ENOTFOUND myorg-myaccount.snowflakecomputing.com',
    codes: ['401001', 'ENOTFOUND'],
    causes: ['snowflake-name-unknown'],
    source: 'observed with snowflake-sdk 3.3.0 on Node 24',
  },
  {
    system: 'network',
    text: 'getaddrinfo ENOTFOUND sts.eu-central-1.amazonaws.com',
    causes: ['aws-unreachable'],
    source: 'observed with Node 24',
  },
  {
    system: 'network',
    text: "curl: (7) Failed to connect to 127.0.0.1 port 4566 after 0 ms: Couldn't connect to server",
    causes: ['stack-not-running'],
    source: curl,
  },
  {
    system: 'network',
    text: `HTTPConnectionPool(host='127.0.0.1', port=4566): Max retries exceeded with url: / (Caused by NewConnectionError("HTTPConnection(host='127.0.0.1', port=4566): Failed to establish a new connection: [Errno 111] Connection refused"))`,
    causes: ['stack-not-running'],
    source: requests,
  },
  {
    system: 'network',
    text: 'Could not connect to the endpoint URL: "http://127.0.0.1:4566/"',
    causes: ['stack-not-running'],
    source: 'observed with AWS CLI 1.45.11',
  },
  {
    system: 'network',
    text: 'TypeError: fetch failed\n  [cause]: Error: getaddrinfo ENOTFOUND a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com',
    causes: ['api-host-wrong'],
    source: 'observed with Node 24',
  },
  {
    system: 'network',
    text: 'curl: (6) Could not resolve host: myorg-myaccount.snowflakecomputing.com',
    causes: ['snowflake-name-unknown'],
    source: curl,
  },
  {
    system: 'network',
    text: `HTTPSConnection(host='myorg-myaccount.snowflakecomputing.com', port=443): Failed to resolve 'myorg-myaccount.snowflakecomputing.com' ([Errno -2] Name or service not known)`,
    causes: ['snowflake-name-unknown'],
    source: requests,
  },
  {
    system: 'network',
    text: 'getaddrinfo ENOTFOUND ssm.eu-central-1.amazonaws.com',
    causes: ['aws-unreachable'],
    source: 'observed with Node 24',
  },
  {
    system: 'network',
    text: 'curl: (6) Could not resolve host: sts.eu-central-1.amazonaws.com',
    causes: ['aws-unreachable'],
    source: curl,
  },
  {
    system: 'network',
    text: `Failed to resolve 'sts.eu-central-1.amazonaws.com' ([Errno -2] Name or service not known)`,
    causes: ['aws-unreachable'],
    source: requests,
  },
  {
    system: 'network',
    text: "curl: (7) Failed to connect to localhost port 4566 after 0 ms: Couldn't connect to server",
    causes: ['stack-not-running'],
    source: curl,
  },
  {
    system: 'network',
    text: 'Error: connect ECONNREFUSED 127.0.0.1:4566',
    causes: ['stack-not-running'],
    source: 'observed with Node 24',
  },
  {
    system: 'network',
    text: "HTTPConnectionPool(host='localhost', port=4566): Max retries exceeded with url: /",
    causes: ['stack-not-running'],
    source: requests,
  },
]

export const snowgateExamples: readonly Example[] = [
  {
    system: 'snowgate',
    text: 'snowgate: Cannot connect to the local stack at http://127.0.0.1:4566.\nStart it with: npx snowgate start',
    causes: ['stack-not-running'],
    source: 'cli/local-stack',
  },
  {
    system: 'snowgate',
    text: 'access.yml:12:25  dev.callers.analytics.routes[1]: unknown path "/helo": write "PUT /hello"',
    causes: ['map-invalid'],
    source: 'shared/access',
  },
  {
    system: 'snowgate',
    text: '{"__type":"LocalUnsupported","message":"The local stack does not imitate s3. It has execute-api, sts, ssm, dynamodb and lambda."}',
    causes: ['local-limit'],
    source: 'local/router.ts',
  },
  {
    system: 'snowgate',
    text: 'The local Snowflake does not have MERGE. This is its own limit; Snowflake itself may well take it.',
    causes: ['local-limit'],
    source: 'local/snowflake/errors.ts',
  },
  {
    system: 'snowgate',
    text: 'ValueError: hello could not connect to a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com: is the host in the network rule, and the API deployed?',
    causes: ['network-rule-host-wrong', 'api-host-wrong'],
    source: 'infra/snowflake/udf/hello_vectorized.py',
  },
  {
    system: 'snowgate',
    text: 'ValueError: hello got no response within 30 seconds',
    causes: ['integration-timeout'],
    source: 'infra/snowflake/udf/hello_vectorized.py',
  },
  {
    system: 'snowgate',
    text: 'ValueError: hello got a response without the 3 rows of the request',
    causes: ['rows-malformed'],
    source: 'infra/snowflake/udf/hello_vectorized.py',
  },
]
