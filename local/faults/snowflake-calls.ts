import { snowflakeNames } from '../../shared/access/index.ts'
import { apiIntegration } from './doors.ts'
import { type Fault, type MapScene, type Scene, snowflakeCaller } from './fault.ts'

const namesOf = (scene: MapScene) => snowflakeNames(scene.stageName, snowflakeCaller(scene).name)

const inSchema = (scene: MapScene, name: string) => {
  const { database, schema } = namesOf(scene)
  return `"${database}"."${schema}"."${name}"`
}

/** As infra/snowflake/external-function.sql creates it. */
const helloAgain = (scene: Scene, url: string) =>
  `CREATE OR REPLACE EXTERNAL FUNCTION ${inSchema(scene, 'HELLO')}("NAME" VARCHAR) RETURNS VARIANT
  API_INTEGRATION = "${apiIntegration(scene)}" AS '${url}'`

const alter = (scene: MapScene, settings: string) => `ALTER API INTEGRATION "${apiIntegration(scene)}" SET ${settings}`

/** The host of an API that was removed. */
const hostBefore = ({ apiUrl }: Scene) => new URL(apiUrl).host.replace(/^[^.]+/, 'a1b2c3d4e5')

export const snowflakeCallFaults = {
  'setup-not-run': {
    sql: (scene) => [`DROP FUNCTION ${inSchema(scene, 'HELLO')}(VARCHAR)`],
  },
  'sql-function-url-wrong': { sql: (scene) => [helloAgain(scene, `${scene.apiUrl}/helo`)] },
  'integration-missing': { sql: (scene) => [`DROP INTEGRATION "${apiIntegration(scene)}"`] },
  'integration-disabled': { sql: (scene) => [alter(scene, 'ENABLED = FALSE')] },
  'integration-role-wrong': {
    sql: (scene) => {
      const { partition, accountId } = scene.place
      return [alter(scene, `API_AWS_ROLE_ARN = 'arn:${partition}:iam::${accountId}:role/snowflake-external-functions'`)]
    },
  },
  'integration-prefix-wrong': {
    sql: (scene) => [alter(scene, `API_ALLOWED_PREFIXES = ('${scene.apiUrl.replace(/\/[^/]*$/, '/v1/')}')`)],
  },
  'api-host-wrong': {
    sql: (scene) => {
      const url = `https://${hostBefore(scene)}/${scene.stageName}`
      return [alter(scene, `API_ALLOWED_PREFIXES = ('${url}/')`), helloAgain(scene, `${url}/hello`)]
    },
  },
  'network-rule-host-wrong': {
    sql: (scene) => [
      `ALTER NETWORK RULE ${inSchema(scene, namesOf(scene).networkRule)} SET VALUE_LIST = ('${hostBefore(scene)}')`,
    ],
  },
  'secret-not-allowed': {
    sql: (scene) => [
      `ALTER EXTERNAL ACCESS INTEGRATION "${namesOf(scene).accessIntegration}" SET ALLOWED_AUTHENTICATION_SECRETS = ()`,
    ],
  },
} as const satisfies Readonly<Record<string, Fault>>
