import {
  AccessMapError,
  type AccountCaller,
  callerRoleName,
  isHttpRoute,
  isPending,
  type Route,
  type SnowflakeCaller,
  type Stage,
  trustedPrincipals,
} from '../../shared/access/index.ts'
import { attribute, policyDocument, type Statement, type TemplateAdditions } from './cloudformation.ts'
import { callerRoleId, functionId } from './logical-ids.ts'
import { routeArn } from './route-arns.ts'

/** A caller role for each caller that is not direct: its trust policy and its permissions. */
export const callerRoles = (stageName: string, stage: Stage): TemplateAdditions => {
  const roles = [...stage.callers].flatMap(([name, caller]) =>
    caller.kind === 'direct' ? [] : [{ name, id: callerRoleId(name), caller }],
  )
  return {
    Resources: Object.fromEntries(roles.map(({ name, id, caller }) => [id, roleResource(stageName, name, caller)])),
    Outputs: Object.fromEntries(
      roles.map(({ name, id }) => [`${id}Arn`, { Description: `Caller role of ${name}`, Value: attribute(id, 'Arn') }]),
    ),
  }
}

type RoleCaller = SnowflakeCaller | AccountCaller

const roleResource = (stageName: string, callerName: string, caller: RoleCaller) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: callerRoleName(stageName, callerName),
    Description: `Caller role of snowgate ${stageName} for ${callerName}`,
    Path: '/',
    // Role chaining limits sessions to one hour anyway.
    MaxSessionDuration: 3600,
    AssumeRolePolicyDocument: policyDocument(trustStatement(caller)),
    Policies: [{ PolicyName: 'routes', PolicyDocument: policyDocument(...routeStatements(stageName, caller.routes)) }],
  },
})

const trustStatement = (caller: RoleCaller): Statement => {
  if (isPending(caller))
    return { Sid: 'PendingTrust', Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }
  return {
    Sid: 'AssumeCallerRole',
    Effect: 'Allow',
    Principal: { AWS: trustedPrincipals(caller) },
    Action: 'sts:AssumeRole',
    ...(caller.externalIds.length > 0 && { Condition: { StringEquals: { 'sts:ExternalId': caller.externalIds } } }),
  }
}

/** Without white space; the default quota. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const trustPolicyLimit = 2_048

/** Rejects a caller role whose trust policy exceeds IAM's limit. */
export const checkTrustLength = (stage: Pick<Stage, 'callers'>): void => {
  for (const [name, caller] of stage.callers) {
    if (caller.kind === 'direct') continue
    const { length } = JSON.stringify(policyDocument(trustStatement(caller)))
    if (length <= trustPolicyLimit) continue
    throw new AccessMapError(
      `the trust policy of the caller ${name} would have ${length} characters, and the limit of IAM is ${trustPolicyLimit}: split it into two callers, each with some of the principals and external ids`,
    )
  }
}

const routeStatements = (stageName: string, routes: readonly Route[]): readonly Statement[] => {
  const apiArns = routes.filter(isHttpRoute).map((route) => routeArn(stageName, route))
  const functionArns = routes
    .filter((route) => !isHttpRoute(route))
    .map(({ functionName }) => attribute(functionId(functionName), 'Arn'))
  const statements: readonly Statement[] = [
    { Sid: 'CallRoutes', Effect: 'Allow', Action: 'execute-api:Invoke', Resource: apiArns },
    { Sid: 'InvokeFunctions', Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArns },
  ]
  return statements.filter(({ Resource }) => Array.isArray(Resource) && Resource.length > 0)
}
