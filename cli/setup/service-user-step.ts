import { z } from 'zod'
import type { SnowflakeLogin } from '../../shared/snowflake/index.ts'
import type { DeployedApi } from '../deploy/deployed-api.ts'
import { parseJson } from '../parse-json.ts'
import { type SnowflakeConnection, singleStatementRunner } from '../snowflake/snowflake-connection.ts'
import { describeProperties } from './describe-properties.ts'
import { previewSql, runSqlScript } from './run-sql-script.ts'
import { loginRoleArn, serviceRoleOf, serviceUserScript } from './service-user-script.ts'
import { deployedApiOf, type SetupContext } from './setup-context.ts'
import { alreadyDone, notApplicable, pendingChange, type SetupStep } from './setup-step.ts'

/** The user that the service logs in as. */
export const serviceUserStep = (setup: SetupContext): SetupStep => ({
  title: 'Snowflake service user',
  inspect: async () => {
    const { snowflake, map, flags, stageName } = setup
    const { snowflake: login } = map.stage()
    if (!login) return notApplicable(`stage ${stageName} has no Snowflake login`)
    if (!snowflake) return notApplicable('cannot be checked without a Snowflake connection')
    if (!(await isLoginAccount(login, snowflake))) {
      return notApplicable(
        `the service logs in to ${login.account}, not to ${snowflake.name}; run there: npx snowgate setup sql --part service-user --stage ${stageName}${flags.access}`,
      )
    }
    const api = await deployedApiOf(setup)
    const [, , , , accountId = ''] = loginRoleArn(login, api).split(':')
    const hasIssuer = login.login === 'workload-identity' && login.webIdentityToken
    const options = { login, api, ...(hasIssuer && { issuer: await setup.issuerOf(accountId) }) }
    const faults = await findUserFaults(options, snowflake)
    if (faults.length === 0) return alreadyDone(`${login.user}, ${login.login}`)
    const script = serviceUserScript(options)
    return pendingChange(
      [...faults.map((fault) => `  ${fault}`), '', previewSql(script)].join('\n'),
      async (progress) => {
        await runSqlScript(snowflake, script, progress)
        return `${login.user}, ${login.login}`
      },
    )
  },
})

/** The map may write the account as organisation and name, or as its locator, with or without the region. */
const isLoginAccount = async ({ account }: SnowflakeLogin, snowflake: SnowflakeConnection): Promise<boolean> => {
  const { rows } = await singleStatementRunner(snowflake)(
    'SELECT CURRENT_ORGANIZATION_NAME(), CURRENT_ACCOUNT_NAME(), CURRENT_ACCOUNT()',
  )
  const [organization, name, locator] = (rows[0] ?? []).map(hostForm)
  const [accountName = ''] = account.split('.')
  return [`${organization}-${name}`, locator].includes(hostForm(accountName))
}

/** Host names have no underscores. */
const hostForm = (text: string | null | undefined): string => (text ?? '').toUpperCase().replaceAll('_', '-')

interface ServiceUser {
  readonly login: SnowflakeLogin
  readonly api: DeployedApi
  readonly issuer?: string
}

const findUserFaults = async (
  { login, api, issuer }: ServiceUser,
  snowflake: SnowflakeConnection,
): Promise<readonly string[]> => {
  const { user } = login
  const run = singleStatementRunner(snowflake)
  const objectProperties = await describeProperties(snowflake, `DESC USER "${user}"`)
  if (!objectProperties) return [`${user} does not exist`]
  const role = serviceRoleOf(login)
  const expected = {
    TYPE: 'SERVICE',
    DEFAULT_ROLE: role,
    ...(login.warehouse && { DEFAULT_WAREHOUSE: login.warehouse }),
  }
  const grants = await run(`SHOW GRANTS TO USER "${user}"`)
  const granted = grants.columns.indexOf('role')
  return [
    ...Object.entries(expected).flatMap(([property, value]) =>
      objectProperties.get(property) === value
        ? []
        : [`${user} has ${property} ${objectProperties.get(property)}, expected ${value}`],
    ),
    ...(grants.rows.some((row) => row[granted] === role) ? [] : [`${user} does not have the role ${role}`]),
    ...(login.login === 'key-pair' || (await hasIdentity(loginRoleArn(login, api), issuer, user, snowflake))
      ? []
      : [`${user} does not have the workload identity ${loginRoleArn(login, api)}`]),
  ]
}

const additionalInfo = z.object({ awsAccount: z.string(), iamRole: z.string(), issuer: z.string().optional() })

/** The ARN is not shown, and what is shown has the name of the role. */
const hasIdentity = async (arn: string, issuer: string | undefined, user: string, snowflake: SnowflakeConnection) => {
  const { columns, rows } = await singleStatementRunner(snowflake)(
    `SHOW USER WORKLOAD IDENTITY AUTHENTICATION METHODS FOR USER "${user}"`,
  )
  const info = columns.indexOf('additional_info')
  const [, , , , accountId, role = ''] = arn.split(':')
  return rows.some((row) => {
    const { data } = additionalInfo.safeParse(parseJson(row[info] ?? ''))
    const isRole = data && role.replace(/^role\//, '') === data.iamRole
    return isRole && data.awsAccount === accountId && data.issuer === issuer
  })
}
