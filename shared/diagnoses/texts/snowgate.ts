import type { SystemTexts } from '../error-text.ts'

/** What this repository says itself outside of its service; the errors of the service have codes of their own. */
export const snowgateTexts: SystemTexts = {
  system: 'snowgate',
  texts: [
    {
      says: ['Nobody answers at http'],
      means: 'The command line found no local stack.',
      causes: ['stack-not-running'],
      source: 'cli/local-stack',
    },
    {
      says: ['access.yml:<number>:<number>'],
      means: 'The trust map has a mistake at that line and column.',
      causes: ['map-invalid'],
      source: 'shared/access',
    },
    {
      says: ['The local stack does not imitate', 'The local Snowflake does not have'],
      codes: ['LocalUnsupported'],
      means: 'The local stack reached its own limit.',
      causes: ['local-limit'],
      source: 'local',
    },
    {
      says: ['hello did not reach <api>.execute-api.<region>.amazonaws.com', 'hello did not reach'],
      means: 'The UDF could not connect to the API.',
      causes: ['network-rule-host-wrong', 'api-host-wrong'],
      source: 'infra/snowflake/udf',
    },
    {
      says: ['hello had no answer within <number> seconds'],
      means: 'The UDF reached the API and got no answer.',
      causes: ['integration-timeout', 'function-timeout-too-short'],
      source: 'infra/snowflake/udf',
    },
    {
      says: ['hello had an answer that does not hold the <number> rows that were sent'],
      means: 'Something else than the service answered the UDF.',
      causes: ['rows-malformed', 'answer-malformed'],
      source: 'infra/snowflake/udf',
    },
  ],
}
