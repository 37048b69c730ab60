import type { SystemTexts } from '../error-text.ts'

const observed = 'observed with snowflake-connector-python 4.7.1'
const source = 'https://github.com/snowflakedb/snowflake-connector-python'

/** What the Python connector says by itself; until 4.7.1 it put 250001 in front of everything that Snowflake told it. */
export const pythonConnectorTexts: SystemTexts = {
  system: 'Snowflake connector for Python',
  texts: [
    {
      codes: ['251017'],
      means: 'The settings of the workload identity are not those that the connector takes.',
      causes: ['driver-options-wrong'],
      source,
    },
    {
      codes: ['251018'],
      means: 'The connector found no AWS credentials, or no region.',
      causes: ['credentials-missing', 'region-variable-missing'],
      source,
    },
    {
      says: ['Could not connect to Snowflake backend after <number> attempt(s)'],
      means: 'The connector got no answer from Snowflake, or only that it cannot.',
      causes: ['snowflake-down', 'snowflake-unreachable'],
      source: observed,
    },
    {
      says: [
        'Verify the account name is correct: <identifier>.snowflakecomputing.com',
        'Verify the account name is correct',
      ],
      means: 'Snowflake has no such account.',
      causes: ['account-identifier-wrong'],
      source:
        'https://github.com/snowflakedb/snowflake-connector-python/blob/main/src/snowflake/connector/auth/_auth.py',
    },
    {
      says: ['Failed to connect to DB: <identifier>.snowflakecomputing.com:443', 'Failed to connect to DB'],
      codes: ['250001'],
      general: true,
      means: 'The login failed; what follows in the message says why, and nobody here knows those words.',
      causes: ['account-identifier-wrong', 'snowflake-unreachable'],
      source: observed,
    },
  ],
}
