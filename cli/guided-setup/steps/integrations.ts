import { doorRoleName, partitionOf, roleArn, snowflakeNames } from '../../../shared/access/index.ts'
import { type DeployedApi, setupScript, type WantedFunction, type Way, wantedFunctions } from '../../setup/index.ts'
import { isMissing, runOne, type SnowflakeConnection } from '../../snowflake-connection/index.ts'
import { properties } from '../properties.ts'
import { runScript, showScript } from '../script.ts'
import { apiOf, callerOf, type Setup } from '../setup.ts'
import { done, leftOut, type Step, toDo } from '../step.ts'

const titles: Readonly<Record<Way, string>> = {
  'external-functions': 'API integration and external functions',
  'external-access': 'External access integration and Python functions',
}

/** The objects of one way into the service. What is there is altered, and never replaced, but for functions. */
export const integrations = (setup: Setup, way: Way): Step => ({
  title: titles[way],
  look: async () => {
    const { snowflake, callerName: name } = setup
    if (!snowflake) return leftOut('cannot be checked without a Snowflake connection')
    const order = { name, caller: callerOf(setup), api: await apiOf(setup) }
    const functions = wantedFunctions(order, way)
    const faults = [
      ...(await faultsOfIntegrations(order, way, snowflake)),
      ...(await faultsOfFunctions(functions, snowflakeNames(order.api.stage, name).role, snowflake)),
    ]
    if (faults.length === 0) return done(`${functions.map((one) => one.call.split('.').at(-1)).join(', ')}`)
    const script = setupScript({ ...order, ways: [way] })
    return toDo([...faults.map((fault) => `  ${fault}`), '', showScript(script)].join('\n'), async (progress) => {
      const count = await runScript(snowflake, script, progress)
      return `ran ${count} statements in ${snowflake.name}`
    })
  },
})

interface Order {
  readonly name: string
  readonly api: DeployedApi
}

const faultsOfIntegrations = async (
  { name, api }: Order,
  way: Way,
  snowflake: SnowflakeConnection,
): Promise<readonly string[]> => {
  const names = snowflakeNames(api.stage, name)
  const role = roleArn(partitionOf(api.region), api.accountId, doorRoleName(api.stage, name))
  const faultsOf = async (integration: string, wanted: Readonly<Record<string, (value: string) => boolean>>) => {
    const shown = await properties(snowflake, `DESC INTEGRATION "${integration}"`)
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

const faultsOfFunctions = async (
  functions: readonly WantedFunction[],
  role: string,
  snowflake: SnowflakeConnection,
): Promise<readonly string[]> => {
  const grants = await grantedTo(role, snowflake)
  const faults = functions.map(async ({ call, name, parameters, body }) => {
    const shown = await properties(snowflake, `DESC FUNCTION ${call}`)
    if (!shown) return [`${call} does not exist`]
    if (shown.get('body')?.trim() !== body.trim()) return [`${call} has a different body`]
    return grants.some((grant) => isOf(grant, name, parameters.length)) ? [] : [`${role} lacks USAGE on ${call}`]
  })
  return (await Promise.all(faults)).flat()
}

const grantedTo = async (role: string, snowflake: SnowflakeConnection): Promise<readonly string[]> => {
  try {
    const { columns, rows } = await runOne(snowflake)(`SHOW GRANTS TO ROLE "${role}"`)
    const [on, name] = [columns.indexOf('granted_on'), columns.indexOf('name')]
    return rows.flatMap((row) => (row[on] === 'FUNCTION' ? [row[name] ?? ''] : []))
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

/** `SNOWGATE.DEV."HELLO(NAME VARCHAR):VARIANT"`: overloads are told apart by how many parameters they have. */
const isOf = (grant: string, name: string, count: number): boolean => {
  const [, parameters] = new RegExp(`(?:^|[."])${name}\\(([^)]*)\\)`).exec(grant) ?? []
  return parameters !== undefined && parameters.split(',').filter((one) => one.trim() !== '').length === count
}
