import {
  AccessMapError,
  type AccountCaller,
  doorRoleName,
  isHttpRoute,
  isShut,
  type Route,
  type SnowflakeCaller,
  type Stage,
  trustedPrincipals,
} from '../shared/access/index.ts'
import { type Additions, attribute, policyDocument, type Statement } from './cloudformation.ts'
import { doorRoleId, functionId } from './logical-ids.ts'
import { routeArn } from './route-arns.ts'

/** A role for each caller that is not direct: who may assume it, and what it may then call. */
export const doorRoles = (stageName: string, stage: Stage): Additions => {
  const doors = [...stage.callers].flatMap(([name, caller]) =>
    caller.kind === 'direct' ? [] : [{ name, id: doorRoleId(name), caller }],
  )
  return {
    Resources: Object.fromEntries(doors.map(({ name, id, caller }) => [id, role(stageName, name, caller)])),
    Outputs: Object.fromEntries(
      doors.map(({ name, id }) => [
        `${id}Arn`,
        { Description: `The role that ${name} assumes`, Value: attribute(id, 'Arn') },
      ]),
    ),
  }
}

type DoorCaller = SnowflakeCaller | AccountCaller

const role = (stageName: string, callerName: string, caller: DoorCaller) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: doorRoleName(stageName, callerName),
    Description: `The door of snowgate ${stageName} for ${callerName}`,
    Path: '/',
    // Callers that are sessions themselves get no more anyhow (role chaining).
    MaxSessionDuration: 3600,
    AssumeRolePolicyDocument: policyDocument(trust(caller)),
    Policies: [{ PolicyName: 'routes', PolicyDocument: policyDocument(...grants(stageName, caller.routes)) }],
  },
})

const trust = (caller: DoorCaller): Statement => {
  if (isShut(caller)) return { Sid: 'Shut', Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }
  return {
    Sid: 'Enter',
    Effect: 'Allow',
    Principal: { AWS: trustedPrincipals(caller) },
    Action: 'sts:AssumeRole',
    ...(caller.externalIds.length > 0 && { Condition: { StringEquals: { 'sts:ExternalId': caller.externalIds } } }),
  }
}

/** Without white space; of an account that has asked for no more. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const trustPolicyLimit = 2_048

/** Refuses a door whose trust policy IAM would not take. */
export const checkTrustLength = (stage: Pick<Stage, 'callers'>): void => {
  for (const [name, caller] of stage.callers) {
    if (caller.kind === 'direct') continue
    const { length } = JSON.stringify(policyDocument(trust(caller)))
    if (length <= trustPolicyLimit) continue
    throw new AccessMapError(
      `the trust policy of the caller ${name} would have ${length} characters, and IAM takes ${trustPolicyLimit}: make two callers of it, each with some of the principals and external ids`,
    )
  }
}

const grants = (stageName: string, routes: readonly Route[]): readonly Statement[] => {
  const called = routes.filter(isHttpRoute).map((route) => routeArn(stageName, route))
  const invoked = routes
    .filter((route) => !isHttpRoute(route))
    .map(({ functionName }) => attribute(functionId(functionName), 'Arn'))
  const statements: readonly Statement[] = [
    { Sid: 'CallRoutes', Effect: 'Allow', Action: 'execute-api:Invoke', Resource: called },
    { Sid: 'InvokeFunctions', Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: invoked },
  ]
  return statements.filter(({ Resource }) => Array.isArray(Resource) && Resource.length > 0)
}
