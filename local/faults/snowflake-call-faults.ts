import { snowflakeNames } from '../../shared/access/index.ts'
import { apiIntegration } from './caller-role-faults.ts'
import { type Fault, type FaultContext, type FaultMapContext, snowflakeCaller } from './fault.ts'

const namesOf = (context: FaultMapContext) => snowflakeNames(context.stageName, snowflakeCaller(context).name)

const inSchema = (context: FaultMapContext, name: string) => {
  const { database, schema } = namesOf(context)
  return `"${database}"."${schema}"."${name}"`
}

/** As infra/snowflake/external-function.sql creates it. */
const recreateHello = (context: FaultContext, url: string) =>
  `CREATE OR REPLACE EXTERNAL FUNCTION ${inSchema(context, 'HELLO')}("NAME" VARCHAR) RETURNS VARIANT
  API_INTEGRATION = "${apiIntegration(context)}" AS '${url}'`

const alter = (context: FaultMapContext, settings: string) =>
  `ALTER API INTEGRATION "${apiIntegration(context)}" SET ${settings}`

/** The host of an API that was removed. */
const removedApiHost = ({ apiUrl }: FaultContext) => new URL(apiUrl).host.replace(/^[^.]+/, 'a1b2c3d4e5')

export const snowflakeCallFaults = {
  'setup-not-run': {
    sql: (context) => [`DROP FUNCTION ${inSchema(context, 'HELLO')}(VARCHAR)`],
  },
  'sql-function-url-wrong': { sql: (context) => [recreateHello(context, `${context.apiUrl}/helo`)] },
  'integration-missing': { sql: (context) => [`DROP INTEGRATION "${apiIntegration(context)}"`] },
  'integration-disabled': { sql: (context) => [alter(context, 'ENABLED = FALSE')] },
  'integration-role-wrong': {
    sql: (context) => {
      const { partition, accountId } = context.location
      return [
        alter(context, `API_AWS_ROLE_ARN = 'arn:${partition}:iam::${accountId}:role/snowflake-external-functions'`),
      ]
    },
  },
  'integration-prefix-wrong': {
    sql: (context) => [alter(context, `API_ALLOWED_PREFIXES = ('${context.apiUrl.replace(/\/[^/]*$/, '/v1/')}')`)],
  },
  'api-host-wrong': {
    sql: (context) => {
      const url = `https://${removedApiHost(context)}/${context.stageName}`
      return [alter(context, `API_ALLOWED_PREFIXES = ('${url}/')`), recreateHello(context, `${url}/hello`)]
    },
  },
  'network-rule-host-wrong': {
    sql: (context) => [
      `ALTER NETWORK RULE ${inSchema(context, namesOf(context).networkRule)} SET VALUE_LIST = ('${removedApiHost(context)}')`,
    ],
  },
  'secret-not-allowed': {
    sql: (context) => [
      `ALTER EXTERNAL ACCESS INTEGRATION "${namesOf(context).accessIntegration}" SET ALLOWED_AUTHENTICATION_SECRETS = ()`,
    ],
  },
} as const satisfies Readonly<Record<string, Fault>>
