import {
  type AccountCaller,
  isHttpRoute,
  type Route,
  routeText,
  type SnowflakeCaller,
  trustedPrincipals,
} from '../../shared/access/index.ts'
import type { IamRole } from '../aws/iam.ts'
import { awsPrincipals, conditionValues, matchesAction, matchesResource } from '../aws/policy-document.ts'
import type { DoctorContext } from './doctor-context.ts'
import { type CheckFailure, failed } from './finding.ts'
import { restoreDeployed, shellQuoted } from './fixes.ts'

const assumeRoleAction = 'sts:AssumeRole'

/** Compares the trust policy of a caller role with the map; undefined if they agree. */
export const findTrustFault = async (
  roleName: string,
  caller: SnowflakeCaller | AccountCaller,
  { trust }: IamRole,
  context: DoctorContext,
): Promise<CheckFailure | undefined> => {
  const assumeStatements = trust.Statement.filter((statement) => matchesAction(statement, assumeRoleAction))
  const allowStatements = assumeStatements.filter(({ Effect }) => Effect === 'Allow')
  const expectedPrincipals = trustedPrincipals(caller)
  const actualPrincipals = [...new Set(allowStatements.flatMap(awsPrincipals))]
  const evidence = [
    ...difference(expectedPrincipals, actualPrincipals).map(
      (arn) => `the trust policy of ${roleName} lacks ${arn}, which is in ${context.mapName}`,
    ),
    ...difference(actualPrincipals, expectedPrincipals).map(
      (arn) =>
        `the trust policy of ${roleName} has ${arn}${/^A(ROA|IDA)/.test(arn) ? ' (id of a deleted principal)' : ''}, which is not in ${context.mapName}`,
    ),
    ...assumeStatements
      .filter(({ Effect }) => Effect === 'Deny')
      .map(({ Sid }) => `the trust policy of ${roleName} has a Deny statement: ${String(Sid ?? '(no Sid)')}`),
  ]
  const fixes = () => restoreTrustPolicy(roleName, context)
  if (evidence.length > 0) return failed('caller-role-principal-wrong', { evidence, fixes: await fixes() })

  const ids = allowStatements.map(
    (statement) =>
      conditionValues(statement, ['StringEquals', 'StringLike', 'ForAnyValue:StringEquals'], 'sts:ExternalId') ?? [],
  )
  const actualExternalIds = [...new Set(ids.flat())]
  const idEvidence = [
    ...difference(caller.externalIds, actualExternalIds).map(
      (id) => `the trust policy of ${roleName} lacks external id ${id}, which is in ${context.mapName}`,
    ),
    ...difference(actualExternalIds, caller.externalIds).map(
      (id) => `the trust policy of ${roleName} has external id ${id}, which is not in ${context.mapName}`,
    ),
  ]
  if (idEvidence.length === 0) return undefined
  // Who is on the map without an id shows none.
  const cause = caller.externalIds.length === 0 ? 'external-id-missing' : 'external-id-wrong'
  return failed(cause, { evidence: idEvidence, fixes: await fixes() })
}

const difference = (all: readonly string[], some: readonly string[]) => all.filter((one) => !some.includes(one))

/** The trust that the map derives refers to nothing, and can be written as it is. */
const restoreTrustPolicy = async (roleName: string, context: DoctorContext) => {
  const { resources } = await context.derived()
  const derivedRole = [...resources.values()].find(({ Properties }) => Properties['RoleName'] === roleName)
  const document = shellQuoted(JSON.stringify(derivedRole?.Properties['AssumeRolePolicyDocument']))
  return restoreDeployed(
    context,
    `aws iam update-assume-role-policy --role-name ${roleName} --policy-document ${document}`,
  )
}

interface Permission {
  readonly action: string
  readonly arn: string
  readonly route: string
}

/** The routes of the map that the caller role cannot call; undefined if there are none. */
export const findPermissionFault = async (
  roleName: string,
  { routes }: SnowflakeCaller | AccountCaller,
  role: IamRole,
  context: DoctorContext,
): Promise<CheckFailure | undefined> => {
  const permissions = await Promise.all(routes.map((route) => permissionFor(route, context)))
  const statements = [...role.policies.values()].flatMap(({ Statement }) => Statement)
  const missing = permissions.filter(({ action, arn }) => {
    const matching = statements.filter((one) => matchesAction(one, action) && matchesResource(one, arn))
    return matching.length === 0 || matching.some(({ Effect }) => Effect === 'Deny')
  })
  if (missing.length === 0) return undefined
  const Statement = permissions.map(({ action, arn }) => ({ Effect: 'Allow', Action: action, Resource: arn }))
  const document = shellQuoted(JSON.stringify({ Version: '2012-10-17', Statement }))
  const ofRoutes = missing.some(({ action }) => action === 'execute-api:Invoke')
  return failed(ofRoutes ? 'route-not-granted' : 'invoke-not-granted', {
    evidence: missing.map(
      ({ route, action, arn }) => `${roleName} cannot call ${route}: its policies do not allow ${action} on ${arn}`,
    ),
    fixes: restoreDeployed(
      context,
      `aws iam put-role-policy --role-name ${roleName} --policy-name routes --policy-document ${document}`,
    ),
  })
}

const permissionFor = async (route: Route, context: DoctorContext): Promise<Permission> => {
  const { partition, region, accountId } = await context.location()
  const { stage } = context.options
  if (isHttpRoute(route)) {
    const api = `arn:${partition}:execute-api:${region}:${accountId}:${await context.restApiId()}`
    return {
      action: 'execute-api:Invoke',
      arn: `${api}/${stage}/${route.method}${route.path}`,
      route: routeText(route),
    }
  }
  const fn = `arn:${partition}:lambda:${region}:${accountId}:function:${context.stackName}-${route.functionName}`
  return { action: 'lambda:InvokeFunction', arn: fn, route: routeText(route) }
}
