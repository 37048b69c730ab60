import {
  type AccountCaller,
  callerRoleName,
  isPending,
  type SnowflakeCaller,
  type Stage,
  snowflakeNames,
  trustedPrincipals,
} from '../../shared/access/index.ts'
import { InconclusiveError } from '../command-failure.ts'
import { readIntegrationTrust } from '../snowflake/identity-readers.ts'
import { findPermissionFault, findTrustFault } from './caller-role-policies.ts'
import type { Check } from './check.ts'
import type { DoctorContext } from './doctor-context.ts'
import { type CheckFailure, edit, type Finding, failed, passed, sql } from './finding.ts'
import { editMapFix, redeploy, setupFix } from './fixes.ts'

/** One check per caller with a caller role: it exists, trusts the principals of the map and can call the routes of the map. */
export const callerRoleChecks = ({ callers }: Pick<Stage, 'callers'>): readonly Check[] =>
  [...callers].flatMap(([name, caller]): readonly Check[] =>
    caller.kind === 'direct'
      ? []
      : [
          {
            id: `caller-role:${name}`,
            title: `caller role of ${name}`,
            needs: ['template'],
            inspect: (context) => inspectCallerRole(name, caller, context),
          },
        ],
  )

const inspectCallerRole = async (
  name: string,
  caller: SnowflakeCaller | AccountCaller,
  context: DoctorContext,
): Promise<Finding> => {
  if (isPending(caller)) return pendingCaller(name, context)
  const roleName = callerRoleName(context.options.stage, name)
  const role = await context.role(roleName)
  if (!role) {
    return failed('caller-role-missing', {
      evidence: [`role ${roleName} does not exist in account ${(await context.location()).accountId}`],
      fixes: [redeploy(context)],
    })
  }
  return (
    (await findTrustFault(roleName, caller, role, context)) ??
    (await findPermissionFault(roleName, caller, role, context)) ??
    passed(
      `${role.arn} trusts ${trustedPrincipals(caller).join(', ')}`,
      ...(caller.externalIds.length > 0 ? [`requires one of ${caller.externalIds.length} external ids`] : []),
    )
  )
}

/** The first of two steps: the integration has Snowflake's IAM user. */
const pendingCaller = async (name: string, context: DoctorContext): Promise<CheckFailure> => {
  const { mapName, lineOf, options } = context
  const path = [options.stage, 'callers', name]
  const line = lineOf(path)
  const names = snowflakeNames(options.stage, name)
  const describeTrust = async () =>
    (await readIntegrationTrust(names, context.snowflakeReader(name))) ?? 'no integration'
  const trust = await describeTrust().catch((error: unknown) => {
    if (error instanceof InconclusiveError) return undefined
    throw error
  })
  const evidence = [`${mapName}:${line}  caller ${name} has no iamUserArn`]
  if (trust === 'no integration') return failed('caller-pending', { evidence, fixes: [setupFix(context, name)] })
  return failed('caller-pending', {
    evidence,
    fixes: trust
      ? [
          editMapFix(context, [...path, 'iamUserArn'], trust.iamUserArn),
          editMapFix(context, [...path, 'externalIds'], trust.externalIds),
          redeploy(context),
        ]
      : [
          sql(`DESC INTEGRATION "${names.apiIntegration}"`),
          edit(
            `${mapName}:${line}  under ${name} add iamUserArn: <API_AWS_IAM_USER_ARN> and externalIds: ["<API_AWS_EXTERNAL_ID>"]`,
          ),
          redeploy(context),
        ],
  })
}
