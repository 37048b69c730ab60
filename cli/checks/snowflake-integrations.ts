import { callerRoleName, roleArn, type SnowflakeCaller, type Stage, snowflakeNames } from '../../shared/access/index.ts'
import { externalIdOf, iamUserOf, readIntegrationTrust } from '../snowflake/identity-readers.ts'
import type { ObjectProperties } from '../snowflake/snowflake-reader.ts'
import type { Check } from './check.ts'
import type { DoctorContext } from './doctor-context.ts'
import { type CheckFailure, type Finding, failed, passed, sql } from './finding.ts'
import { editMapFix, redeploy, setupFix, setupSqlFix } from './fixes.ts'

/** For each Snowflake caller, the two integrations that assume its caller role: external functions and external access. */
export const integrationChecks = ({ callers }: Pick<Stage, 'callers'>): readonly Check[] =>
  [...callers].flatMap(([name, caller]): readonly Check[] =>
    caller.kind !== 'snowflake'
      ? []
      : [
          {
            id: `integration:${name}`,
            title: `API integration of ${name}`,
            needs: [`caller-role:${name}`],
            inspect: (context) => inspectApiIntegration(name, caller, context),
          },
          {
            id: `external-access:${name}`,
            title: `external access integration of ${name}`,
            needs: [`integration:${name}`],
            inspect: (context) => inspectExternalAccess(name, caller, context),
          },
        ],
  )

const inspectApiIntegration = async (
  name: string,
  caller: SnowflakeCaller,
  context: DoctorContext,
): Promise<Finding> => {
  const { apiIntegration } = snowflakeNames(context.options.stage, name)
  const { describe } = context.snowflakeReader(name)
  const properties = await describe(`INTEGRATION "${apiIntegration}"`)
  if (!properties) {
    return failed('integration-missing', {
      evidence: [`integration ${apiIntegration} does not exist, or this user cannot see it`],
      fixes: [setupFix(context, name)],
    })
  }
  const kind = 'API INTEGRATION'
  const fault =
    (await findRoleFault(
      `ALTER ${kind} "${apiIntegration}" SET API_AWS_ROLE_ARN`,
      'API_AWS_ROLE_ARN',
      properties,
      name,
      context,
    )) ??
    findDisabledFault(kind, apiIntegration, properties) ??
    (await findPrefixFault(apiIntegration, properties, name, context)) ??
    (await findTrustFault(apiIntegration, properties, name, caller, context))
  return fault ?? passed(`${apiIntegration}: caller role and external id ${externalIdOf(properties)} match`)
}

const inspectExternalAccess = async (
  name: string,
  caller: SnowflakeCaller,
  context: DoctorContext,
): Promise<Finding> => {
  const { stage } = context.options
  const { securityIntegration, accessIntegration, networkRule, secret, database, schema } = snowflakeNames(stage, name)
  const { describe } = context.snowflakeReader(name)
  const properties = await describe(`INTEGRATION "${securityIntegration}"`)
  if (!properties) return passed('not set up (external functions do not need it)')
  const kind = 'SECURITY INTEGRATION'
  const setRole = `ALTER ${kind} "${securityIntegration}" SET AWS_ROLE_ARN`
  const fault =
    (await findRoleFault(setRole, 'AWS_ROLE_ARN', properties, name, context)) ??
    findDisabledFault(kind, securityIntegration, properties) ??
    (await findTrustFault(securityIntegration, properties, name, caller, context))
  if (fault) return fault

  const rule = await describe(`NETWORK RULE "${database}"."${schema}"."${networkRule}"`)
  const access = await describe(`INTEGRATION "${accessIntegration}"`)
  if (!rule || !access) {
    return failed('setup-not-run', {
      evidence: [`${rule ? accessIntegration : networkRule} does not exist`],
      fixes: setupSqlFix(context, name),
    })
  }
  const { host } = await context.deployedApi()
  const hosts = parseList(rule.get('VALUE_LIST')).map((one) => one.replace(/:443$/, ''))
  if (!hosts.includes(host)) {
    return failed('network-rule-host-wrong', {
      evidence: [`network rule ${networkRule} allows ${hosts.join(', ')}; the API host is ${host}`],
      fixes: [sql(`ALTER NETWORK RULE "${database}"."${schema}"."${networkRule}" SET VALUE_LIST = ('${host}')`)],
    })
  }
  const secrets = parseList(access.get('ALLOWED_AUTHENTICATION_SECRETS'))
  if (!secrets.some((one) => one.replaceAll('"', '') === `${database}.${schema}.${secret}`)) {
    return failed('secret-not-allowed', {
      evidence: [`${accessIntegration} allows ${secrets.join(', ') || 'no secret'}; the functions use ${secret}`],
      fixes: [
        sql(
          `ALTER EXTERNAL ACCESS INTEGRATION "${accessIntegration}" SET ALLOWED_AUTHENTICATION_SECRETS = ("${database}"."${schema}"."${secret}")`,
        ),
      ],
    })
  }
  const disabledFault = findDisabledFault('EXTERNAL ACCESS INTEGRATION', accessIntegration, access)
  if (disabledFault) return disabledFault
  return passed(
    `${securityIntegration}: caller role and external id ${externalIdOf(properties)} match; ${host} is allowed`,
  )
}

/** `[A, B]`, `('a')` or `A,B`: how a list is shown differs from statement to statement. */
const parseList = (text = ''): readonly string[] =>
  text
    .replace(/^[[(]|[\])]$/g, '')
    .split(',')
    .map((one) => one.trim().replace(/^'|'$/g, ''))
    .filter(Boolean)

const findRoleFault = async (
  statement: string,
  property: string,
  properties: ObjectProperties,
  name: string,
  context: DoctorContext,
): Promise<CheckFailure | undefined> => {
  const { partition, accountId } = await context.location()
  const expectedArn = roleArn(partition, accountId, callerRoleName(context.options.stage, name))
  const actualArn = properties.get(property)
  if (actualArn === expectedArn) return undefined
  return failed('integration-role-wrong', {
    evidence: [`the integration assumes ${actualArn ?? 'no role'}; the caller role is ${expectedArn}`],
    fixes: [sql(`${statement} = '${expectedArn}'`)],
  })
}

const findDisabledFault = (
  kind: string,
  integration: string,
  properties: ObjectProperties,
): CheckFailure | undefined =>
  properties.get('ENABLED')?.toLowerCase() === 'true'
    ? undefined
    : failed('integration-disabled', {
        evidence: [`DESC INTEGRATION ${integration} shows ENABLED ${properties.get('ENABLED')}`],
        fixes: [sql(`ALTER ${kind} "${integration}" SET ENABLED = TRUE`)],
      })

const hostOf = (prefix: string): string => /^https:\/\/([^/]+)/.exec(prefix)?.[1] ?? prefix

const findPrefixFault = async (
  integration: string,
  properties: ObjectProperties,
  name: string,
  context: DoctorContext,
): Promise<CheckFailure | undefined> => {
  const api = await context.deployedApi()
  const url = `${api.url}/`
  const allowed = parseList(properties.get('API_ALLOWED_PREFIXES'))
  const blocked = parseList(properties.get('API_BLOCKED_PREFIXES'))
  if (
    allowed.some((prefix) => url.startsWith(prefix)) &&
    !blocked.some((prefix) => url.startsWith(prefix) || prefix.startsWith(url))
  )
    return undefined
  const { host } = api
  // Of an API that is gone, its functions are as well.
  const ofAnother = allowed.length > 0 && allowed.every((prefix) => hostOf(prefix) !== host)
  if (ofAnother) {
    return failed('api-host-wrong', {
      evidence: [`${integration} allows ${allowed.join(', ')}; the API host is ${host}`],
      fixes: setupSqlFix(context, name),
    })
  }
  return failed('integration-prefix-wrong', {
    evidence: [
      `the integration allows ${allowed.join(', ') || 'nothing'}${blocked.length > 0 ? ` and blocks ${blocked.join(', ')}` : ''}; the API URL is ${url}`,
    ],
    fixes: [
      sql(`ALTER API INTEGRATION "${integration}" SET API_ALLOWED_PREFIXES = ('${url}')`),
      ...(blocked.length > 0 ? [sql(`ALTER API INTEGRATION "${integration}" UNSET API_BLOCKED_PREFIXES`)] : []),
    ],
  })
}

/** Compares Snowflake's IAM user and external id with the map. */
const findTrustFault = async (
  integration: string,
  properties: ObjectProperties,
  name: string,
  caller: SnowflakeCaller,
  context: DoctorContext,
): Promise<CheckFailure | undefined> => {
  const { options, mapName } = context
  const path = [options.stage, 'callers', name]
  const user = iamUserOf(properties)
  if (user !== caller.iamUserArn) {
    return failed('caller-role-principal-wrong', {
      evidence: [`Snowflake's IAM user is ${user}; ${mapName} has ${caller.iamUserArn}`],
      fixes: [editMapFix(context, [...path, 'iamUserArn'], user), redeploy(context)],
    })
  }
  const id = externalIdOf(properties)
  if (caller.externalIds.includes(id)) return undefined
  const trust = await readIntegrationTrust(snowflakeNames(options.stage, name), context.snowflakeReader(name))
  const inUse = trust?.externalIds ?? []
  // A replaced integration has a new id, and the previous one is unused.
  const before = caller.externalIds.find((one) => !inUse.includes(one) && accountPartOf(one) === accountPartOf(id))
  return failed(before === undefined ? 'external-id-wrong' : 'integration-recreated', {
    evidence: [
      `${integration} has external id ${id}; ${mapName} has ${caller.externalIds.join(', ')}`,
      ...(before === undefined ? [] : [`${before} is an id of the same account that no integration uses`]),
    ],
    fixes: [
      editMapFix(
        context,
        [...path, 'externalIds'],
        [...new Set([...caller.externalIds.filter((one) => inUse.includes(one)), id])],
      ),
      redeploy(context),
    ],
  })
}

/** The part of an external id that stands for the account. */
const accountPartOf = (id: string): string | undefined => /^(.+_SFCRole)=/.exec(id)?.[1]
