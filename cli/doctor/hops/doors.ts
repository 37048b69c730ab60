import {
  type Caller,
  doorRoleName,
  isHttpRoute,
  isShut,
  type Route,
  routeText,
  type Stage,
  snowflakeNames,
  trustedPrincipals,
} from '../../../shared/access/index.ts'
import { awsPrincipals, conditionValues, coversAction, coversResource, type Role } from '../aws/index.ts'
import { edit, type Failure, type Finding, failed, passed, sql } from '../finding.ts'
import type { Hop } from '../hop.ts'
import { deployAgain, putBack, shellQuoted } from '../mends.ts'
import type { Patient } from '../patient.ts'

/** A hop for each caller that has a door: its role is there, trusts whom the map names, and may call what the map gives. */
export const doors = ({ callers }: Pick<Stage, 'callers'>): readonly Hop[] =>
  [...callers].flatMap(([name, caller]): readonly Hop[] =>
    caller.kind === 'direct'
      ? []
      : [
          {
            id: `door:${name}`,
            title: `door of ${name}`,
            needs: ['template'],
            check: (patient) => checkDoor(name, caller, patient),
          },
        ],
  )

type DoorCaller = Exclude<Caller, { kind: 'direct' }>

const checkDoor = async (name: string, caller: DoorCaller, patient: Patient): Promise<Finding> => {
  if (isShut(caller)) return shut(name, patient)
  const roleName = doorRoleName(patient.order.stage, name)
  const role = await patient.role(roleName)
  if (!role) {
    return failed('door-role-missing', {
      evidence: [`there is no role ${roleName} in account ${(await patient.place()).accountId}`],
      mend: [deployAgain(patient)],
    })
  }
  return (
    (await wrongTrust(roleName, caller, role, patient)) ??
    (await wrongRights(roleName, caller, role, patient)) ??
    passed(
      `${role.arn} trusts ${trustedPrincipals(caller).join(', ')}`,
      ...(caller.externalIds.length > 0 ? [`it asks for one of ${caller.externalIds.length} external ids`] : []),
    )
  )
}

/** The first of two steps: Snowflake tells who it is once it has an integration. */
const shut = (name: string, { mapName, lineOf, order }: Patient): Failure => {
  const { apiIntegration } = snowflakeNames(order.stage, name)
  const line = lineOf([order.stage, 'callers', name])
  return failed('door-shut', {
    evidence: [`${mapName}:${line}  the caller ${name} has no iamUserArn`],
    mend: [
      sql(`DESC INTEGRATION ${apiIntegration}`),
      edit(
        `${mapName}:${line}  under ${name} write iamUserArn: <API_AWS_IAM_USER_ARN> and externalIds: ["<API_AWS_EXTERNAL_ID>"]`,
      ),
      deployAgain({ order, mapName }),
    ],
  })
}

const assumed = 'sts:AssumeRole'

const wrongTrust = async (
  roleName: string,
  caller: DoorCaller,
  { trust }: Role,
  patient: Patient,
): Promise<Failure | undefined> => {
  const speaking = trust.Statement.filter((statement) => coversAction(statement, assumed))
  const entering = speaking.filter(({ Effect }) => Effect === 'Allow')
  const wanted = trustedPrincipals(caller)
  const there = [...new Set(entering.flatMap(awsPrincipals))]
  const evidence = [
    ...without(wanted, there).map((arn) => `the trust of ${roleName} does not name ${arn}, as ${patient.mapName} does`),
    ...without(there, wanted).map(
      (arn) =>
        `the trust of ${roleName} names ${arn}${/^A(ROA|IDA)/.test(arn) ? ', the id of somebody who was deleted' : ''}, and ${patient.mapName} does not`,
    ),
    ...speaking
      .filter(({ Effect }) => Effect === 'Deny')
      .map(({ Sid }) => `the trust of ${roleName} denies: ${String(Sid ?? 'a statement without name')}`),
  ]
  const mend = () => trustAgain(roleName, patient)
  if (evidence.length > 0) return failed('door-principal-wrong', { evidence, mend: await mend() })

  const ids = entering.map(
    (statement) =>
      conditionValues(statement, ['StringEquals', 'StringLike', 'ForAnyValue:StringEquals'], 'sts:ExternalId') ?? [],
  )
  const asked = [...new Set(ids.flat())]
  const idEvidence = [
    ...without(caller.externalIds, asked).map(
      (id) => `the trust of ${roleName} does not take the external id ${id} of ${patient.mapName}`,
    ),
    ...without(asked, caller.externalIds).map(
      (id) => `the trust of ${roleName} takes the external id ${id}, which ${patient.mapName} does not have`,
    ),
  ]
  if (idEvidence.length === 0) return undefined
  return failed('external-id-wrong', { evidence: idEvidence, mend: await mend() })
}

const without = (all: readonly string[], some: readonly string[]) => all.filter((one) => !some.includes(one))

/** The trust that the map derives refers to nothing, and can be written as it is. */
const trustAgain = async (roleName: string, patient: Patient) => {
  const { resources } = await patient.derived()
  const wanted = [...resources.values()].find(({ Properties }) => Properties['RoleName'] === roleName)
  const document = shellQuoted(JSON.stringify(wanted?.Properties['AssumeRolePolicyDocument']))
  return putBack(patient, `aws iam update-assume-role-policy --role-name ${roleName} --policy-document ${document}`)
}

interface Right {
  readonly action: string
  readonly arn: string
  readonly route: string
}

const wrongRights = async (
  roleName: string,
  { routes }: DoorCaller,
  role: Role,
  patient: Patient,
): Promise<Failure | undefined> => {
  const rights = await Promise.all(routes.map((route) => rightOf(route, patient)))
  const statements = [...role.policies.values()].flatMap(({ Statement }) => Statement)
  const lacking = rights.filter(({ action, arn }) => {
    const speaking = statements.filter((one) => coversAction(one, action) && coversResource(one, arn))
    return speaking.length === 0 || speaking.some(({ Effect }) => Effect === 'Deny')
  })
  if (lacking.length === 0) return undefined
  const Statement = rights.map(({ action, arn }) => ({ Effect: 'Allow', Action: action, Resource: arn }))
  const document = shellQuoted(JSON.stringify({ Version: '2012-10-17', Statement }))
  return failed('route-not-granted', {
    evidence: lacking.map(
      ({ route, action, arn }) => `${roleName} may not ${route}: its policies do not allow ${action} on ${arn}`,
    ),
    mend: putBack(
      patient,
      `aws iam put-role-policy --role-name ${roleName} --policy-name routes --policy-document ${document}`,
    ),
  })
}

const rightOf = async (route: Route, patient: Patient): Promise<Right> => {
  const { partition, region, accountId } = await patient.place()
  const { stage } = patient.order
  if (isHttpRoute(route)) {
    const api = `arn:${partition}:execute-api:${region}:${accountId}:${await patient.restApiId()}`
    return {
      action: 'execute-api:Invoke',
      arn: `${api}/${stage}/${route.method}${route.path}`,
      route: routeText(route),
    }
  }
  const fn = `arn:${partition}:lambda:${region}:${accountId}:function:${patient.stackName}-${route.functionName}`
  return { action: 'lambda:InvokeFunction', arn: fn, route: routeText(route) }
}
