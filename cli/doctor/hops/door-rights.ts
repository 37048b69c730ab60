import {
  type AccountCaller,
  isHttpRoute,
  type Route,
  routeText,
  type SnowflakeCaller,
} from '../../../shared/access/index.ts'
import { coversAction, coversResource, type Role } from '../aws/index.ts'
import { type Failure, failed } from '../finding.ts'
import { putBack, shellQuoted } from '../mends.ts'
import type { Patient } from '../patient.ts'

interface Right {
  readonly action: string
  readonly arn: string
  readonly route: string
}

/** What a door may not call although the map gives it to the caller; undefined when there is nothing. */
export const wrongRights = async (
  roleName: string,
  { routes }: SnowflakeCaller | AccountCaller,
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
  const ofRoutes = lacking.some(({ action }) => action === 'execute-api:Invoke')
  return failed(ofRoutes ? 'route-not-granted' : 'invoke-not-granted', {
    evidence: lacking.map(
      ({ route, action, arn }) => `${roleName} cannot call ${route}: its policies do not allow ${action} on ${arn}`,
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
