import type { SystemMessages } from '../known-message.ts'

/** Messages of snowgate itself, outside its functions. Errors of the functions have codes. */
export const snowgateMessages: SystemMessages = {
  system: 'snowgate',
  messages: [
    {
      phrases: ['Cannot connect to the local stack at http'],
      summary: 'The command could not connect to the local stack.',
      causes: ['stack-not-running'],
      source: 'cli/local-stack',
    },
    {
      phrases: ['access.yml:<number>:<number>'],
      summary: 'The access map has an error at this line and column.',
      causes: ['map-invalid'],
      source: 'shared/access',
    },
    {
      phrases: ['The local stack does not imitate', 'The local Snowflake does not have'],
      codes: ['LocalUnsupported'],
      summary: 'The local stack does not support this request.',
      causes: ['local-limit'],
      source: 'local',
    },
    {
      phrases: ['hello could not connect to <api>.execute-api.<region>.amazonaws.com', 'hello could not connect to'],
      summary: 'The UDF could not connect to the API.',
      causes: ['network-rule-host-wrong', 'api-host-wrong'],
      source: 'infra/snowflake/udf',
    },
    {
      phrases: ['hello got no response within <number> seconds'],
      summary: 'The UDF got no response from the API.',
      causes: ['integration-timeout', 'function-timeout-too-short'],
      source: 'infra/snowflake/udf',
    },
    {
      phrases: ['hello got a response without the <number> rows of the request'],
      summary: 'The response to the UDF does not come from the service.',
      causes: ['rows-malformed', 'answer-malformed'],
      source: 'infra/snowflake/udf',
    },
  ],
}
