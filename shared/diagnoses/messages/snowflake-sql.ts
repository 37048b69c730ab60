import type { SystemMessages } from '../known-message.ts'

const troubleshooting = 'https://docs.snowflake.com/en/sql-reference/external-functions-creating-aws-troubleshooting'
const fixtures = 'https://github.com/snowflakedb/snowflake-connector-python/tree/main/test/data/wiremock/mappings'

/** Errors of failed statements, as worksheets and drivers show them. */
export const snowflakeSqlMessages: SystemMessages = {
  system: 'Snowflake SQL',
  messages: [
    {
      phrases: ['Error assuming AWS_ROLE'],
      general: true,
      summary: 'Snowflake could not assume the caller role.',
      causes: [
        'caller-pending',
        'external-id-wrong',
        'integration-recreated',
        'caller-role-principal-wrong',
        'integration-role-wrong',
        'caller-role-missing',
      ],
      source: troubleshooting,
    },
    {
      phrases: [
        'Request failed for external function <function>. Error: Remote service cannot be reached',
        'Remote service cannot be reached. Check the endpoint URL',
      ],
      codes: ['100350'],
      summary: 'Snowflake got no response at the external function’s URL.',
      causes: ['api-host-wrong', 'sql-function-url-wrong', 'endpoint-edge'],
      source: troubleshooting,
    },
    {
      phrases: [
        'external function <function>. Error: top-level JSON object must contain "data" JSON array element',
        'top-level JSON object must contain "data" JSON array element',
        'external function <function>…Error parsing JSON: Invalid response',
        'external function <function>…Row numbers out of order',
        'external function <function>…wrong number of rows',
      ],
      summary: 'The response does not contain the rows of the request.',
      causes: ['rows-malformed', 'sql-function-url-wrong'],
      source: troubleshooting,
    },
    {
      phrases: [
        "Request failed for external function <function> with remote service error: <number> '",
        'Request failed for external function <function>',
      ],
      codes: ['100351'],
      general: true,
      summary: 'The service at the external function’s URL returned an error.',
      causes: ['sql-function-url-wrong', 'function-crashes'],
      source: troubleshooting,
    },
    {
      phrases: ["Integration '<integration>' does not exist or not authorized"],
      codes: ['002003'],
      summary: 'The integration does not exist, or the current role is not allowed to use it.',
      causes: ['integration-missing'],
      source: troubleshooting,
    },
    {
      phrases: ['SQL compilation error: Unknown function <function>'],
      codes: ['002140'],
      summary: 'The current role cannot see a function with this name.',
      causes: ['sql-function-not-granted', 'setup-not-run'],
      source: 'the local Snowflake',
    },
    {
      phrases: ["' does not exist or not authorized"],
      codes: ['002003'],
      summary: 'An object of the statement does not exist, or the current role is not authorized.',
      causes: ['object-missing', 'setup-not-run'],
      source: 'https://github.com/ploomber/jupysql/issues/931',
    },
    {
      phrases: ['SQL compilation error: syntax error line <number> at position <number> unexpected'],
      codes: ['001003'],
      summary: 'Snowflake cannot parse the statement.',
      causes: ['sql-malformed'],
      source: fixtures,
    },
    {
      phrases: ['No active warehouse selected in the current session'],
      codes: ['000606'],
      summary: 'The statement needs a warehouse, and the session has none.',
      causes: ['warehouse-missing'],
      source: 'https://github.com/Snowflake-Labs/OpenLineage-AccessHistory-Setup/issues/14',
    },
    {
      phrases: ['SQL execution canceled'],
      codes: ['000604'],
      summary: 'The query was cancelled.',
      causes: ['query-cancelled'],
      source: fixtures,
    },
    {
      phrases: ['Exceeded number of allowed concurrent requests per user'],
      codes: ['000610'],
      summary: 'The user has too many queries at once.',
      causes: ['user-too-busy'],
      source: fixtures,
    },
    {
      codes: ['000630'],
      summary: 'The query reached its time limit.',
      causes: ['statement-timeout'],
      source: 'https://docs.snowflake.com/en/sql-reference/parameters',
    },
  ],
}
