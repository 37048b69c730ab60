import type { SystemMessages } from '../known-message.ts'

const observed = 'observed with snowflake-connector-python 4.7.1'
const source = 'https://github.com/snowflakedb/snowflake-connector-python'

/** Messages of the Python connector itself. Until 4.7.1 it prefixed every message from Snowflake with 250001. */
export const pythonConnectorMessages: SystemMessages = {
  system: 'Snowflake connector for Python',
  messages: [
    {
      codes: ['251017'],
      summary: 'The connector’s workload identity settings are invalid.',
      causes: ['driver-options-wrong'],
      source,
    },
    {
      codes: ['251018'],
      summary: 'The connector found no AWS credentials, or no region.',
      causes: ['credentials-missing', 'region-variable-missing'],
      source,
    },
    {
      phrases: ['Could not connect to Snowflake backend after <number> attempt(s)'],
      summary: 'The connector got no response from Snowflake, or only server errors.',
      causes: ['snowflake-down', 'snowflake-unreachable'],
      source: observed,
    },
    {
      phrases: [
        'Verify the account name is correct: <identifier>.snowflakecomputing.com',
        'Verify the account name is correct',
      ],
      summary: 'The Snowflake account does not exist.',
      causes: ['account-identifier-wrong'],
      source:
        'https://github.com/snowflakedb/snowflake-connector-python/blob/main/src/snowflake/connector/auth/_auth.py',
    },
    {
      phrases: ['Failed to connect to DB: <identifier>.snowflakecomputing.com:443', 'Failed to connect to DB'],
      codes: ['250001'],
      general: true,
      summary: 'The login failed. The rest of the message has the reason, which is an unknown error.',
      causes: ['account-identifier-wrong', 'snowflake-unreachable'],
      source: observed,
    },
  ],
}
