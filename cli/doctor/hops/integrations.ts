import {
  doorRoleName,
  roleArn,
  type SnowflakeCaller,
  type Stage,
  snowflakeNames,
} from '../../../shared/access/index.ts'
import { type Failure, type Finding, failed, passed, sql } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain, editMap, setUp, setUpSnowflake } from '../mends.ts'
import type { Patient } from '../patient.ts'
import { externalIdOf, iamUserOf, type Properties, trustIn } from '../snowflake/index.ts'

/** For each Snowflake caller the two integrations that assume its door: for external functions, and for external access. */
export const integrations = ({ callers }: Pick<Stage, 'callers'>): readonly Hop[] =>
  [...callers].flatMap(([name, caller]): readonly Hop[] =>
    caller.kind !== 'snowflake'
      ? []
      : [
          {
            id: `integration:${name}`,
            title: `API integration of ${name}`,
            needs: [`caller-role:${name}`],
            check: (patient) => checkApiIntegration(name, caller, patient),
          },
          {
            id: `external-access:${name}`,
            title: `external access integration of ${name}`,
            needs: [`integration:${name}`],
            check: (patient) => checkExternalAccess(name, caller, patient),
          },
        ],
  )

const checkApiIntegration = async (name: string, caller: SnowflakeCaller, patient: Patient): Promise<Finding> => {
  const { apiIntegration } = snowflakeNames(patient.order.stage, name)
  const { describe } = patient.snowflake(name)
  const held = await describe(`INTEGRATION "${apiIntegration}"`)
  if (!held) {
    return failed('integration-missing', {
      evidence: [`integration ${apiIntegration} does not exist, or this user cannot see it`],
      mend: [setUp(patient, name)],
    })
  }
  const kind = 'API INTEGRATION'
  const wrong =
    (await wrongRole(
      `ALTER ${kind} "${apiIntegration}" SET API_AWS_ROLE_ARN`,
      'API_AWS_ROLE_ARN',
      held,
      name,
      patient,
    )) ??
    wrongState(kind, apiIntegration, held) ??
    (await wrongPrefix(apiIntegration, held, name, patient)) ??
    (await wrongIdentity(apiIntegration, held, name, caller, patient))
  return wrong ?? passed(`${apiIntegration}: caller role and external id ${externalIdOf(held)} match`)
}

const checkExternalAccess = async (name: string, caller: SnowflakeCaller, patient: Patient): Promise<Finding> => {
  const { stage } = patient.order
  const { securityIntegration, accessIntegration, networkRule, secret, database, schema } = snowflakeNames(stage, name)
  const { describe } = patient.snowflake(name)
  const held = await describe(`INTEGRATION "${securityIntegration}"`)
  if (!held) return passed('not set up (external functions do not need it)')
  const kind = 'SECURITY INTEGRATION'
  const setRole = `ALTER ${kind} "${securityIntegration}" SET AWS_ROLE_ARN`
  const wrong =
    (await wrongRole(setRole, 'AWS_ROLE_ARN', held, name, patient)) ??
    wrongState(kind, securityIntegration, held) ??
    (await wrongIdentity(securityIntegration, held, name, caller, patient))
  if (wrong) return wrong

  const rule = await describe(`NETWORK RULE "${database}"."${schema}"."${networkRule}"`)
  const access = await describe(`INTEGRATION "${accessIntegration}"`)
  if (!rule || !access) {
    return failed('setup-not-run', {
      evidence: [`${rule ? accessIntegration : networkRule} does not exist`],
      mend: setUpSnowflake(patient, name),
    })
  }
  const { host } = await patient.deployedApi()
  const hosts = listed(rule.get('VALUE_LIST')).map((one) => one.replace(/:443$/, ''))
  if (!hosts.includes(host)) {
    return failed('network-rule-host-wrong', {
      evidence: [`network rule ${networkRule} allows ${hosts.join(', ')}; the API host is ${host}`],
      mend: [sql(`ALTER NETWORK RULE "${database}"."${schema}"."${networkRule}" SET VALUE_LIST = ('${host}')`)],
    })
  }
  const secrets = listed(access.get('ALLOWED_AUTHENTICATION_SECRETS'))
  if (!secrets.some((one) => one.replaceAll('"', '') === `${database}.${schema}.${secret}`)) {
    return failed('secret-not-allowed', {
      evidence: [`${accessIntegration} allows ${secrets.join(', ') || 'no secret'}; the functions use ${secret}`],
      mend: [
        sql(
          `ALTER EXTERNAL ACCESS INTEGRATION "${accessIntegration}" SET ALLOWED_AUTHENTICATION_SECRETS = ("${database}"."${schema}"."${secret}")`,
        ),
      ],
    })
  }
  const off = wrongState('EXTERNAL ACCESS INTEGRATION', accessIntegration, access)
  if (off) return off
  return passed(`${securityIntegration}: caller role and external id ${externalIdOf(held)} match; ${host} is allowed`)
}

/** `[A, B]`, `('a')` or `A,B`: how a list is shown differs from statement to statement. */
const listed = (text = ''): readonly string[] =>
  text
    .replace(/^[[(]|[\])]$/g, '')
    .split(',')
    .map((one) => one.trim().replace(/^'|'$/g, ''))
    .filter(Boolean)

const wrongRole = async (
  statement: string,
  property: string,
  held: Properties,
  name: string,
  patient: Patient,
): Promise<Failure | undefined> => {
  const { partition, accountId } = await patient.place()
  const wanted = roleArn(partition, accountId, doorRoleName(patient.order.stage, name))
  const there = held.get(property)
  if (there === wanted) return undefined
  return failed('integration-role-wrong', {
    evidence: [`the integration assumes ${there ?? 'no role'}; the caller role is ${wanted}`],
    mend: [sql(`${statement} = '${wanted}'`)],
  })
}

const wrongState = (kind: string, integration: string, held: Properties): Failure | undefined =>
  held.get('ENABLED')?.toLowerCase() === 'true'
    ? undefined
    : failed('integration-disabled', {
        evidence: [`DESC INTEGRATION ${integration} shows ENABLED ${held.get('ENABLED')}`],
        mend: [sql(`ALTER ${kind} "${integration}" SET ENABLED = TRUE`)],
      })

const hostOf = (prefix: string): string => /^https:\/\/([^/]+)/.exec(prefix)?.[1] ?? prefix

const wrongPrefix = async (
  integration: string,
  held: Properties,
  name: string,
  patient: Patient,
): Promise<Failure | undefined> => {
  const api = await patient.deployedApi()
  const url = `${api.url}/`
  const allowed = listed(held.get('API_ALLOWED_PREFIXES'))
  const blocked = listed(held.get('API_BLOCKED_PREFIXES'))
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
      mend: setUpSnowflake(patient, name),
    })
  }
  return failed('integration-prefix-wrong', {
    evidence: [
      `the integration allows ${allowed.join(', ') || 'nothing'}${blocked.length > 0 ? ` and blocks ${blocked.join(', ')}` : ''}; the API URL is ${url}`,
    ],
    mend: [
      sql(`ALTER API INTEGRATION "${integration}" SET API_ALLOWED_PREFIXES = ('${url}')`),
      ...(blocked.length > 0 ? [sql(`ALTER API INTEGRATION "${integration}" UNSET API_BLOCKED_PREFIXES`)] : []),
    ],
  })
}

/** Whom Snowflake comes as, compared with whom the map lets in. */
const wrongIdentity = async (
  integration: string,
  held: Properties,
  name: string,
  caller: SnowflakeCaller,
  patient: Patient,
): Promise<Failure | undefined> => {
  const { order, mapName } = patient
  const path = [order.stage, 'callers', name]
  const user = iamUserOf(held)
  if (user !== caller.iamUserArn) {
    return failed('caller-role-principal-wrong', {
      evidence: [`Snowflake's IAM user is ${user}; ${mapName} has ${caller.iamUserArn}`],
      mend: [editMap(patient, [...path, 'iamUserArn'], user), deployAgain(patient)],
    })
  }
  const id = externalIdOf(held)
  if (caller.externalIds.includes(id)) return undefined
  const trust = await trustIn(snowflakeNames(order.stage, name), patient.snowflake(name))
  const inUse = trust?.externalIds ?? []
  // An integration gets another id when it is replaced, and the one before is nobody's any more.
  const before = caller.externalIds.find((one) => !inUse.includes(one) && accountOf(one) === accountOf(id))
  return failed(before === undefined ? 'external-id-wrong' : 'integration-recreated', {
    evidence: [
      `${integration} has external id ${id}; ${mapName} has ${caller.externalIds.join(', ')}`,
      ...(before === undefined ? [] : [`${before} is an id of the same account that no integration uses`]),
    ],
    mend: [
      editMap(
        patient,
        [...path, 'externalIds'],
        [...new Set([...caller.externalIds.filter((one) => inUse.includes(one)), id])],
      ),
      deployAgain(patient),
    ],
  })
}

/** The part of an external id that stands for the account. */
const accountOf = (id: string): string | undefined => /^(.+_SFCRole)=/.exec(id)?.[1]
