import { z } from 'zod'
import type { SnowflakeLogin } from '../../../shared/snowflake/index.ts'
import { parseJson } from '../../parse-json.ts'
import { type DeployedApi, identityOf, serviceRoleOf, serviceUserScript } from '../../setup/index.ts'
import { runOne, type SnowflakeConnection } from '../../snowflake-connection/index.ts'
import { properties } from '../properties.ts'
import { runScript, showScript } from '../script.ts'
import { apiOf, type Setup } from '../setup.ts'
import { done, leftOut, type Step, toDo } from '../step.ts'

/** The user that the service logs in as. */
export const serviceUser = (setup: Setup): Step => ({
  title: 'Snowflake service user',
  look: async () => {
    const { snowflake, map, flags, stageName } = setup
    const { snowflake: login } = map.stage()
    if (!login) return leftOut(`stage ${stageName} has no Snowflake login`)
    if (!snowflake) return leftOut('cannot be checked without a Snowflake connection')
    if (!(await isAccountOf(login, snowflake))) {
      return leftOut(
        `the service logs in to ${login.account}, not to ${snowflake.name}; run there: npx snowgate setup sql --part service-user --stage ${stageName}${flags.access}`,
      )
    }
    const api = await apiOf(setup)
    const [, , , , accountId = ''] = identityOf(login, api).split(':')
    const hasIssuer = login.login === 'workload-identity' && login.webIdentityToken
    const order = { login, api, ...(hasIssuer && { issuer: await setup.issuerOf(accountId) }) }
    const faults = await faultsOf(order, snowflake)
    if (faults.length === 0) return done(`${login.user}, ${login.login}`)
    const script = serviceUserScript(order)
    return toDo([...faults.map((fault) => `  ${fault}`), '', showScript(script)].join('\n'), async (progress) => {
      await runScript(snowflake, script, progress)
      return `${login.user}, ${login.login}`
    })
  },
})

/** The map may write the account as organisation and name, or as its locator, with or without the region. */
const isAccountOf = async ({ account }: SnowflakeLogin, snowflake: SnowflakeConnection): Promise<boolean> => {
  const { rows } = await runOne(snowflake)(
    'SELECT CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME(), CURRENT_ACCOUNT()',
  )
  const [organization, name, locator] = (rows[0] ?? []).map(folded)
  const [wanted = ''] = account.split('.')
  return [`${organization}-${name}`, locator].includes(folded(wanted))
}

/** Host names have no underscores. */
const folded = (text: string | null | undefined): string => (text ?? '').toUpperCase().replaceAll('_', '-')

interface Order {
  readonly login: SnowflakeLogin
  readonly api: DeployedApi
  readonly issuer?: string
}

const faultsOf = async ({ login, api, issuer }: Order, snowflake: SnowflakeConnection): Promise<readonly string[]> => {
  const { user } = login
  const run = runOne(snowflake)
  const shown = await properties(snowflake, `DESC USER "${user}"`)
  if (!shown) return [`${user} does not exist`]
  const role = serviceRoleOf(login)
  const wanted = { TYPE: 'SERVICE', DEFAULT_ROLE: role, ...(login.warehouse && { DEFAULT_WAREHOUSE: login.warehouse }) }
  const grants = await run(`SHOW GRANTS TO USER "${user}"`)
  const granted = grants.columns.indexOf('role')
  return [
    ...Object.entries(wanted).flatMap(([property, value]) =>
      shown.get(property) === value ? [] : [`${user} has ${property} ${shown.get(property)}, expected ${value}`],
    ),
    ...(grants.rows.some((row) => row[granted] === role) ? [] : [`${user} does not have the role ${role}`]),
    ...(login.login === 'key-pair' || (await isIdentity(identityOf(login, api), issuer, user, snowflake))
      ? []
      : [`${user} does not have the workload identity ${identityOf(login, api)}`]),
  ]
}

const additional = z.object({ awsAccount: z.string(), iamRole: z.string(), issuer: z.string().optional() })

/** The ARN is not shown, and what is shown has the name of the role. */
const isIdentity = async (arn: string, issuer: string | undefined, user: string, snowflake: SnowflakeConnection) => {
  const { columns, rows } = await runOne(snowflake)(
    `SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER "${user}"`,
  )
  const info = columns.indexOf('additional_info')
  const [, , , , accountId, role = ''] = arn.split(':')
  return rows.some((row) => {
    const { data } = additional.safeParse(parseJson(row[info] ?? ''))
    const isRole = data && role.replace(/^role\//, '') === data.iamRole
    return isRole && data.awsAccount === accountId && data.issuer === issuer
  })
}
