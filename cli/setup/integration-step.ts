import { callerRoleName, partitionOf, roleArn, snowflakeNames } from '../../shared/access/index.ts'
import type { DeployedApi } from '../deploy/deployed-api.ts'
import { isMissingObject, type SnowflakeConnection, singleStatementRunner } from '../snowflake/snowflake-connection.ts'
import { type ConnectionMethod, callerScript, type ExpectedFunction, expectedFunctions } from './caller-script.ts'
import { describeProperties } from './describe-properties.ts'
import { previewSql, runSqlScript } from './run-sql-script.ts'
import { deployedApiOf, type SetupContext, snowflakeCallerOf } from './setup-context.ts'
import { alreadyDone, notApplicable, pendingChange, type SetupStep } from './setup-step.ts'

const stepTitles: Readonly<Record<ConnectionMethod, string>> = {
  'external-functions': 'API integration and external functions',
  'external-access': 'External access integration and Python functions',
}

/** The objects of one way into the service. What is there is altered, and never replaced, but for functions. */
export const integrationStep = (setup: SetupContext, way: ConnectionMethod): SetupStep => ({
  title: stepTitles[way],
  inspect: async () => {
    const { snowflake, callerName: name } = setup
    if (!snowflake) return notApplicable('cannot be checked without a Snowflake connection')
    const options = { name, caller: snowflakeCallerOf(setup), api: await deployedApiOf(setup) }
    const functions = expectedFunctions(options, way)
    const faults = [
      ...(await findIntegrationFaults(options, way, snowflake)),
      ...(await findFunctionFaults(functions, snowflakeNames(options.api.stage, name).role, snowflake)),
    ]
    if (faults.length === 0) return alreadyDone(`${functions.map((one) => one.call.split('.').at(-1)).join(', ')}`)
    const script = callerScript({ ...options, methods: [way] })
    return pendingChange(
      [...faults.map((fault) => `  ${fault}`), '', previewSql(script)].join('\n'),
      async (progress) => {
        const count = await runSqlScript(snowflake, script, progress)
        return `ran ${count} statements in ${snowflake.name}`
      },
    )
  },
})

interface ScriptCaller {
  readonly name: string
  readonly api: DeployedApi
}

const findIntegrationFaults = async (
  { name, api }: ScriptCaller,
  way: ConnectionMethod,
  snowflake: SnowflakeConnection,
): Promise<readonly string[]> => {
  const names = snowflakeNames(api.stage, name)
  const role = roleArn(partitionOf(api.region), api.accountId, callerRoleName(api.stage, name))
  const faultsOf = async (integration: string, wanted: Readonly<Record<string, (value: string) => boolean>>) => {
    const shown = await describeProperties(snowflake, `DESC INTEGRATION "${integration}"`)
    if (!shown) return [`${integration} does not exist`]
    return Object.entries({ ENABLED: (value: string) => value === 'true', ...wanted }).flatMap(
      ([property, isRight]) => {
        // Their beginnings differ from kind to kind.
        const [, value = ''] = [...shown].find(([name]) => name.endsWith(property)) ?? []
        return isRight(value) ? [] : [`${integration} has ${property} ${value || '(empty)'}`]
      },
    )
  }
  if (way === 'external-functions') {
    return faultsOf(names.apiIntegration, {
      AWS_ROLE_ARN: (value) => value === role,
      API_ALLOWED_PREFIXES: (value) => value.split(/[[\],\s]+/).includes(`${api.url}/`),
    })
  }
  return [
    ...(await faultsOf(names.securityIntegration, { AWS_ROLE_ARN: (value) => value === role })),
    ...(await faultsOf(names.accessIntegration, {})),
  ]
}

const findFunctionFaults = async (
  functions: readonly ExpectedFunction[],
  role: string,
  snowflake: SnowflakeConnection,
): Promise<readonly string[]> => {
  const grants = await functionGrantsOf(role, snowflake)
  const faults = functions.map(async ({ call, name, parameters, body }) => {
    const objectProperties = await describeProperties(snowflake, `DESC FUNCTION ${call}`)
    if (!objectProperties) return [`${call} does not exist`]
    if (objectProperties.get('body')?.trim() !== body.trim()) return [`${call} has a different body`]
    return grants.some((grant) => isGrantOf(grant, name, parameters.length)) ? [] : [`${role} lacks USAGE on ${call}`]
  })
  return (await Promise.all(faults)).flat()
}

const functionGrantsOf = async (role: string, snowflake: SnowflakeConnection): Promise<readonly string[]> => {
  try {
    const { columns, rows } = await singleStatementRunner(snowflake)(`SHOW GRANTS TO ROLE "${role}"`)
    const [on, name] = [columns.indexOf('granted_on'), columns.indexOf('name')]
    return rows.flatMap((row) => (row[on] === 'FUNCTION' ? [row[name] ?? ''] : []))
  } catch (error) {
    if (isMissingObject(error)) return []
    throw error
  }
}

/** `SNOWGATE.DEV."HELLO(NAME VARCHAR):VARIANT"`: overloads are distinguished by the number of parameters. */
const isGrantOf = (grant: string, name: string, count: number): boolean => {
  const [, parameters] = new RegExp(`(?:^|[."])${name}\\(([^)]*)\\)`).exec(grant) ?? []
  return parameters !== undefined && parameters.split(',').filter((one) => one.trim() !== '').length === count
}
