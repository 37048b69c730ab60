import { executionRoleName, partitionOf, roleArn } from '../../shared/access/index.ts'
import type { SnowflakeLogin } from '../../shared/snowflake/index.ts'
import type { DeployedApi } from './deployed-api.ts'
import { type Fragment, fillTemplate, sql, type Values } from './fill-template.ts'
import { fill } from './templates.ts'

export interface ServiceUserOrder {
  readonly login: SnowflakeLogin
  readonly api: DeployedApi
  /** Of the web identity tokens of the account that `identityOf` names; for such a login alone. */
  readonly issuer?: string
}

/** The user that the service is in Snowflake, with a role of its own unless the map names one, and with its login. */
export const serviceUserScript = ({ login, api, issuer }: ServiceUserOrder): string => {
  const { user, account, warehouse } = login
  const role = serviceRoleOf(login)
  const values = {
    user,
    role,
    account: comment(account),
    usage: warehouse
      ? piece('\nGRANT USAGE ON WAREHOUSE "{{warehouse}}" TO ROLE "{{role}}";', { role, warehouse })
      : nothing,
    defaults: warehouse
      ? piece('DEFAULT_ROLE = "{{role}}"\n  DEFAULT_WAREHOUSE = "{{warehouse}}"', { role, warehouse })
      : piece('DEFAULT_ROLE = "{{role}}"', { role }),
  }
  const userScript = fill('service-user.sql', values)
  if (login.login === 'key-pair') {
    const { privateKey, passphrase } = login
    const told = { stage: comment(api.stage), privateKey: comment(privateKey), passphrase: comment(passphrase) }
    return `${userScript}\n${fill('service-user-key-pair.sql', { ...values, ...told })}`
  }
  const arn = identityOf(login, api)
  const identity = issuer
    ? piece("TYPE = AWS ARN = '{{arn}}' ISSUER = '{{issuer}}'", { arn, issuer })
    : piece("TYPE = AWS ARN = '{{arn}}'", { arn })
  const why = { fragment: issuer ? ofTokens : ofSessions }
  return `${userScript}\n${fill('service-user-workload-identity.sql', { ...values, identity, why })}`
}

/** A role of its own, unless the map names one. */
export const serviceRoleOf = ({ user, role }: SnowflakeLogin): string => role ?? `${user}_ROLE`

const piece = (form: string, values: Values): Fragment => ({ fragment: fillTemplate(form, values, sql) })
const nothing: Fragment = { fragment: '' }

const ofSessions =
  '-- The ARN has no path, even if the role has one: AWS attests the role session, and session ARNs have no path.'
const ofTokens = `-- The service logs in with tokens from the account's own issuer. Set the issuer before you enable webIdentityToken, and keep it until
-- you disable it.`

/** The role that logs in, as the user has it: a token has the path of the role, a session none. */
export const identityOf = (login: SnowflakeLogin, { region, accountId, stage }: DeployedApi): string => {
  const own = roleArn(partitionOf(region), accountId, executionRoleName(stage, 'snowflake-probe'))
  if (login.login === 'key-pair') return own
  const last = login.impersonate?.at(-1) ?? own
  return login.webIdentityToken ? last : last.replace(/:role\/.*\//, ':role/')
}

/** Words of the map, whose letters cannot end a comment. */
const comment = (text: string): Fragment => {
  if (!/^[\w./-]+$/.test(text))
    throw new TypeError(`${JSON.stringify(text)} has characters that no comment is to hold.`)
  return { fragment: text }
}
