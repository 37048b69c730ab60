import { executionRoleName, partitionOf, roleArn } from '../../shared/access/index.ts'
import type { SnowflakeLogin } from '../../shared/snowflake/index.ts'
import type { DeployedApi } from '../deploy/deployed-api.ts'
import { fillSqlFile, fillTemplate, type RawFragment, sqlQuoting, type TemplateValues } from './sql-templates.ts'

export interface ServiceUserOptions {
  readonly login: SnowflakeLogin
  readonly api: DeployedApi
  /** Of the web identity tokens of the account that `identityOf` names; for such a login alone. */
  readonly issuer?: string
}

/** The SQL that creates the Snowflake user of the service, its role unless the map names one, and its login. */
export const serviceUserScript = ({ login, api, issuer }: ServiceUserOptions): string => {
  const { user, account, warehouse } = login
  const role = serviceRoleOf(login)
  const values = {
    user,
    role,
    account: commentFragment(account),
    usage: warehouse
      ? sqlFragment('\nGRANT USAGE ON WAREHOUSE "{{warehouse}}" TO ROLE "{{role}}";', { role, warehouse })
      : emptyFragment,
    defaults: warehouse
      ? sqlFragment('DEFAULT_ROLE = "{{role}}"\n  DEFAULT_WAREHOUSE = "{{warehouse}}"', { role, warehouse })
      : sqlFragment('DEFAULT_ROLE = "{{role}}"', { role }),
  }
  const userScript = fillSqlFile('service-user.sql', values)
  if (login.login === 'key-pair') {
    const { privateKey, passphrase } = login
    const comments = {
      stage: commentFragment(api.stage),
      privateKey: commentFragment(privateKey),
      passphrase: commentFragment(passphrase),
    }
    return `${userScript}\n${fillSqlFile('service-user-key-pair.sql', { ...values, ...comments })}`
  }
  const arn = loginRoleArn(login, api)
  const identity = issuer
    ? sqlFragment("TYPE = AWS ARN = '{{arn}}' ISSUER = '{{issuer}}'", { arn, issuer })
    : sqlFragment("TYPE = AWS ARN = '{{arn}}'", { arn })
  const explanation = { fragment: issuer ? tokenArnComment : sessionArnComment }
  return `${userScript}\n${fillSqlFile('service-user-workload-identity.sql', { ...values, identity, reason: explanation })}`
}

/** A dedicated role, unless the map names one. */
export const serviceRoleOf = ({ user, role }: SnowflakeLogin): string => role ?? `${user}_ROLE`

const sqlFragment = (form: string, values: TemplateValues): RawFragment => ({
  fragment: fillTemplate(form, values, sqlQuoting),
})
const emptyFragment: RawFragment = { fragment: '' }

const sessionArnComment =
  '-- The ARN has no path, even if the role has one: AWS attests the role session, and session ARNs have no path.'
const tokenArnComment = `-- The service logs in with tokens from the account's own issuer. Set the issuer before you enable webIdentityToken, and keep it until
-- you disable it.`

/** The role that logs in, as the user has it: a token has the path of the role, a session none. */
export const loginRoleArn = (login: SnowflakeLogin, { region, accountId, stage }: DeployedApi): string => {
  const own = roleArn(partitionOf(region), accountId, executionRoleName(stage, 'snowflake-probe'))
  if (login.login === 'key-pair') return own
  const last = login.impersonate?.at(-1) ?? own
  return login.webIdentityToken ? last : last.replace(/:role\/.*\//, ':role/')
}

/** Words of the map, whose letters cannot end a comment. */
const commentFragment = (text: string): RawFragment => {
  if (!/^[\w./-]+$/.test(text))
    throw new TypeError(`${JSON.stringify(text)} has characters that no comment is to hold.`)
  return { fragment: text }
}
