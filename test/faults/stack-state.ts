import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { DoctorContext } from '../../cli/checks/doctor-context.ts'
import type { LocalStackClient } from '../../cli/local-stack/local-stack-client.ts'
import { readAccessMap, stageOf } from '../../shared/access/index.ts'
import type { SnowflakeLogin } from '../../shared/snowflake/index.ts'
import { readParameters } from './stored-parameters.ts'

/** What a fault and its fix can change, without what is deployed: to be compared with the same at another time. */
export const readStackState = async (stack: LocalStackClient, mapPath: string) => {
  const service = await stack.service()
  const { snowflake: login } = stageOf(readAccessMap(mapPath), service.stage)
  const admin = await stack.identity('admin')
  return {
    service,
    admin,
    accessMap: await readFile(mapPath, 'utf8'),
    template: await stack.template(),
    parameters: login?.login === 'key-pair' ? await readParameters(admin, [login.privateKey, login.passphrase]) : [],
    snowflake: login && (await snowflakeState(stack, login)),
  }
}

/** What AWS shows of the deployment, including manual changes. */
export const readDeploymentState = async (doctor: DoctorContext) => {
  const deployed = await doctor.stack()
  const named = (type: string) =>
    Object.entries(deployed?.template.Resources ?? {}).flatMap(([id, { Type }]) =>
      Type === type ? [deployed?.physicalIds.get(id) ?? ''] : [],
    )
  const read = <Value>(names: readonly string[], one: (name: string) => Promise<Value>) =>
    Promise.all(names.map(async (name) => [name, await one(name)] as const))
  const functions = named('AWS::Lambda::Function')
  return {
    deployed,
    savedApi: await doctor.savedApi(),
    servedApi: await doctor.servedApi(),
    roles: await read(named('AWS::IAM::Role'), doctor.role),
    functions: await read(functions, doctor.functionConfiguration),
    functionPolicies: await read(functions, doctor.functionPolicy),
  }
}

const listings = [
  'SHOW INTEGRATIONS',
  'SHOW FUNCTIONS',
  'SHOW NETWORK POLICIES',
  'SHOW AUTHENTICATION POLICIES',
  "SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN ACCOUNT",
  'SELECT * FROM snowflake.account_usage.credentials',
  'DESC FUNCTION snowgate.dev.hello(VARCHAR)',
  'DESC NETWORK RULE snowgate.dev.api_host',
  'DESC INTEGRATION snowgate_dev_snowflake_api',
  'DESC INTEGRATION snowgate_dev_snowflake_access',
]

const snowflakeState = async (stack: LocalStackClient, { user: name }: SnowflakeLogin) => {
  const user = `"${name}"`
  const ofUser = [
    `DESC USER ${user}`,
    `SHOW GRANTS TO USER ${user}`,
    `SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER ${user}`,
    `SHOW PARAMETERS LIKE 'NETWORK_POLICY' IN USER ${user}`,
  ]
  const statements = [...listings, ...ofUser]
  const { results, failure } = await stack.runStatements({ session: randomUUID(), sql: statements.join(';\n') })
  if (failure) throw new Error(`${statements[results.length]}: ${failure.message}`)
  return results.map(({ columns, rows }, at) => ({
    statement: statements[at],
    rows: rows.map((row) =>
      // Every login changes when an identity was last used.
      Object.fromEntries(columns.map(({ name }, of) => [name, /^last_used(_on)?$/i.test(name) ? '' : row[of]])),
    ),
  }))
}
