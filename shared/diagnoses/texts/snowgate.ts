import type { SystemTexts } from '../error-text.ts'

/** Messages of snowgate itself, outside its functions. Errors of the functions have codes. */
export const snowgateTexts: SystemTexts = {
  system: 'snowgate',
  texts: [
    {
      says: ['Cannot connect to the local stack at http'],
      means: 'The command could not connect to the local stack.',
      causes: ['stack-not-running'],
      source: 'cli/local-stack',
    },
    {
      says: ['access.yml:<number>:<number>'],
      means: 'The access map has an error at this line and column.',
      causes: ['map-invalid'],
      source: 'shared/access',
    },
    {
      says: ['The local stack does not imitate', 'The local Snowflake does not have'],
      codes: ['LocalUnsupported'],
      means: 'The local stack does not support this request.',
      causes: ['local-limit'],
      source: 'local',
    },
    {
      says: ['hello could not connect to <api>.execute-api.<region>.amazonaws.com', 'hello could not connect to'],
      means: 'The UDF could not connect to the API.',
      causes: ['network-rule-host-wrong', 'api-host-wrong'],
      source: 'infra/snowflake/udf',
    },
    {
      says: ['hello got no response within <number> seconds'],
      means: 'The UDF got no response from the API.',
      causes: ['integration-timeout', 'function-timeout-too-short'],
      source: 'infra/snowflake/udf',
    },
    {
      says: ['hello got a response without the <number> rows of the request'],
      means: 'The response to the UDF does not come from the service.',
      causes: ['rows-malformed', 'answer-malformed'],
      source: 'infra/snowflake/udf',
    },
  ],
}
