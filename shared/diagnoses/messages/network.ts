import type { SystemMessages } from '../known-message.ts'

/** Host names that do not resolve and connections that fail, where the message names the host. */
export const networkMessages: SystemMessages = {
  system: 'network',
  messages: [
    {
      phrases: [
        'Could not resolve host: <api>.execute-api.<region>.amazonaws.com',
        "Failed to resolve '<api>.execute-api.<region>.amazonaws.com'",
        'getaddrinfo ENOTFOUND <api>.execute-api.<region>.amazonaws.com',
      ],
      summary: 'No API with this id exists in this region.',
      causes: ['api-host-wrong'],
      source: 'observed with curl 7.88.1, observed with requests 2.34.2 and observed with Node 24',
    },
    {
      phrases: [
        'Could not resolve host: <identifier>.snowflakecomputing.com',
        "Failed to resolve '<identifier>.snowflakecomputing.com'",
        'getaddrinfo ENOTFOUND <identifier>.snowflakecomputing.com',
      ],
      summary: 'The Snowflake host name does not resolve.',
      causes: ['snowflake-name-unknown', 'account-identifier-wrong'],
      source: 'observed with curl 7.88.1, observed with requests 2.34.2 and observed with Node 24',
    },
    {
      phrases: [
        'getaddrinfo ENOTFOUND sts.<region>.amazonaws.com',
        'getaddrinfo ENOTFOUND ssm.<region>.amazonaws.com',
        'Could not resolve host: sts.<region>.amazonaws.com',
        "Failed to resolve 'sts.<region>.amazonaws.com'",
      ],
      summary: 'An AWS endpoint’s host name does not resolve.',
      causes: ['aws-unreachable', 'region-wrong'],
      source: 'observed with curl 7.88.1, observed with requests 2.34.2 and observed with Node 24',
    },
    {
      phrases: [
        'Failed to connect to 127.0.0.1 port 4566',
        'Failed to connect to localhost port 4566',
        'connect ECONNREFUSED 127.0.0.1:4566',
        "host='127.0.0.1', port=4566): Max retries exceeded",
        "host='localhost', port=4566): Max retries exceeded",
        'Could not connect to the endpoint URL: "http://127.0.0.1:4566/',
      ],
      summary: 'The local stack is not running on this port.',
      causes: ['stack-not-running'],
      source: 'observed with curl 7.88.1, observed with requests 2.34.2, observed with Node 24 and AWS CLI 1.45.11',
    },
  ],
}
