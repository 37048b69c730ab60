import {
  type AccountCaller,
  doorRoleName,
  isShut,
  type SnowflakeCaller,
  type Stage,
  snowflakeNames,
  trustedPrincipals,
} from '../../../shared/access/index.ts'
import { CannotTell, edit, type Failure, type Finding, failed, passed, sql } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain, editMap, setUp } from '../mends.ts'
import type { Patient } from '../patient.ts'
import { trustIn } from '../snowflake/index.ts'
import { wrongRights } from './door-rights.ts'
import { wrongTrust } from './door-trust.ts'

/** A hop for each caller that has a door: its role is there, trusts whom the map names, and may call what the map gives. */
export const doors = ({ callers }: Pick<Stage, 'callers'>): readonly Hop[] =>
  [...callers].flatMap(([name, caller]): readonly Hop[] =>
    caller.kind === 'direct'
      ? []
      : [
          {
            id: `caller-role:${name}`,
            title: `caller role of ${name}`,
            needs: ['template'],
            check: (patient) => checkDoor(name, caller, patient),
          },
        ],
  )

const checkDoor = async (name: string, caller: SnowflakeCaller | AccountCaller, patient: Patient): Promise<Finding> => {
  if (isShut(caller)) return shut(name, patient)
  const roleName = doorRoleName(patient.order.stage, name)
  const role = await patient.role(roleName)
  if (!role) {
    return failed('caller-role-missing', {
      evidence: [`role ${roleName} does not exist in account ${(await patient.place()).accountId}`],
      mend: [deployAgain(patient)],
    })
  }
  return (
    (await wrongTrust(roleName, caller, role, patient)) ??
    (await wrongRights(roleName, caller, role, patient)) ??
    passed(
      `${role.arn} trusts ${trustedPrincipals(caller).join(', ')}`,
      ...(caller.externalIds.length > 0 ? [`requires one of ${caller.externalIds.length} external ids`] : []),
    )
  )
}

/** The first of two steps: Snowflake tells who it is once it has an integration. */
const shut = async (name: string, patient: Patient): Promise<Failure> => {
  const { mapName, lineOf, order } = patient
  const path = [order.stage, 'callers', name]
  const line = lineOf(path)
  const names = snowflakeNames(order.stage, name)
  const asked = async () => (await trustIn(names, patient.snowflake(name))) ?? 'no integration'
  const trust = await asked().catch((error: unknown) => {
    if (error instanceof CannotTell) return undefined
    throw error
  })
  const evidence = [`${mapName}:${line}  caller ${name} has no iamUserArn`]
  if (trust === 'no integration') return failed('caller-pending', { evidence, mend: [setUp(patient, name)] })
  return failed('caller-pending', {
    evidence,
    mend: trust
      ? [
          editMap(patient, [...path, 'iamUserArn'], trust.iamUserArn),
          editMap(patient, [...path, 'externalIds'], trust.externalIds),
          deployAgain(patient),
        ]
      : [
          sql(`DESC INTEGRATION "${names.apiIntegration}"`),
          edit(
            `${mapName}:${line}  under ${name} add iamUserArn: <API_AWS_IAM_USER_ARN> and externalIds: ["<API_AWS_EXTERNAL_ID>"]`,
          ),
          deployAgain(patient),
        ],
  })
}
