import type { SystemTexts } from '../error-text.ts'

const troubleshooting = 'https://docs.snowflake.com/en/sql-reference/external-functions-creating-aws-troubleshooting'
const fixtures = 'https://github.com/snowflakedb/snowflake-connector-python/tree/main/test/data/wiremock/mappings'

/** Errors of failed statements, as worksheets and drivers show them. */
export const snowflakeSqlTexts: SystemTexts = {
  system: 'Snowflake SQL',
  texts: [
    {
      says: ['Error assuming AWS_ROLE'],
      general: true,
      means: 'Snowflake could not assume the caller role.',
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
      says: [
        'Request failed for external function <function>. Error: Remote service cannot be reached',
        'Remote service cannot be reached. Check the endpoint URL',
      ],
      codes: ['100350'],
      means: 'Snowflake got no response at the external function’s URL.',
      causes: ['api-host-wrong', 'sql-function-url-wrong', 'endpoint-edge'],
      source: troubleshooting,
    },
    {
      says: [
        'external function <function>. Error: top-level JSON object must contain "data" JSON array element',
        'top-level JSON object must contain "data" JSON array element',
        'external function <function>…Error parsing JSON: Invalid response',
        'external function <function>…Row numbers out of order',
        'external function <function>…wrong number of rows',
      ],
      means: 'The response does not contain the rows of the request.',
      causes: ['rows-malformed', 'sql-function-url-wrong'],
      source: troubleshooting,
    },
    {
      says: [
        "Request failed for external function <function> with remote service error: <number> '",
        'Request failed for external function <function>',
      ],
      codes: ['100351'],
      general: true,
      means: 'The service at the external function’s URL returned an error.',
      causes: ['sql-function-url-wrong', 'function-crashes'],
      source: troubleshooting,
    },
    {
      says: ["Integration '<integration>' does not exist or not authorized"],
      codes: ['002003'],
      means: 'The integration does not exist, or the current role is not allowed to use it.',
      causes: ['integration-missing'],
      source: troubleshooting,
    },
    {
      says: ['SQL compilation error: Unknown function <function>'],
      codes: ['002140'],
      means: 'The current role cannot see a function with this name.',
      causes: ['sql-function-not-granted', 'setup-not-run'],
      source: 'the local Snowflake',
    },
    {
      says: ["' does not exist or not authorized"],
      codes: ['002003'],
      means: 'An object of the statement does not exist, or the current role is not authorized.',
      causes: ['object-missing', 'setup-not-run'],
      source: 'https://github.com/ploomber/jupysql/issues/931',
    },
    {
      says: ['SQL compilation error: syntax error line <number> at position <number> unexpected'],
      codes: ['001003'],
      means: 'Snowflake cannot parse the statement.',
      causes: ['sql-malformed'],
      source: fixtures,
    },
    {
      says: ['No active warehouse selected in the current session'],
      codes: ['000606'],
      means: 'The statement needs a warehouse, and the session has none.',
      causes: ['warehouse-missing'],
      source: 'https://github.com/Snowflake-Labs/OpenLineage-AccessHistory-Setup/issues/14',
    },
    {
      says: ['SQL execution canceled'],
      codes: ['000604'],
      means: 'The query was cancelled.',
      causes: ['query-cancelled'],
      source: fixtures,
    },
    {
      says: ['Exceeded number of allowed concurrent requests per user'],
      codes: ['000610'],
      means: 'The user has too many queries at once.',
      causes: ['user-too-busy'],
      source: fixtures,
    },
    {
      codes: ['000630'],
      means: 'The query reached its time limit.',
      causes: ['statement-timeout'],
      source: 'https://docs.snowflake.com/en/sql-reference/parameters',
    },
  ],
}
