import {
  AccessMapError,
  type Caller,
  callerRoleName,
  isHttpRoute,
  isPending,
  parseArn,
  partitionOf,
  roleArn,
  type Stage,
} from '../../shared/access/index.ts'
import { policyDocument, type Statement, type Sub, sub } from './cloudformation.ts'
import { asLogicalId } from './logical-ids.ts'
import { ownRouteArn } from './route-arns.ts'

const maxResourcePolicyLength = 8192

/**
 * The API's resource policy: allows each caller its routes and denies all others, administrators of this account
 * included. Allow statements name accounts and not roles, with the role in the condition: see docs/decisions.
 */
export const resourcePolicy = (stageName: string, stage: Stage): readonly Statement[] => {
  const allowedCallers = [...stage.callers]
    .filter(([, caller]) => !isPending(caller) && caller.routes.some(isHttpRoute))
    .map(([name, caller]) => ({ name, caller, signers: toSigners(stageName, name, caller) }))
  const allowed = allowedCallers.map(
    ({ name, caller, signers }): Statement => ({
      Sid: `Allow${asLogicalId(name)}`,
      Effect: 'Allow',
      Principal: { AWS: signers.accounts },
      Action: ['execute-api:Invoke'],
      Resource: textOrList(caller.routes.filter(isHttpRoute).map((route) => ownRouteArn(stageName, route))),
      Condition: { ArnEquals: { 'aws:PrincipalArn': signers.principals } },
    }),
  )
  const allPrincipals = allowedCallers.flatMap(({ signers }) => signers.principals)
  const denied: Statement = {
    Sid: 'DenyAllOthers',
    Effect: 'Deny',
    Principal: '*',
    Action: ['execute-api:Invoke'],
    Resource: 'execute-api:/*',
    // Without callers, no condition: an empty list in a condition is a policy grammar error.
    ...(allPrincipals.length > 0 && { Condition: { ArnNotEquals: { 'aws:PrincipalArn': allPrincipals } } }),
  }
  return [...allowed, denied]
}

/** A list of one item is a string, as osls writes it, because this policy is compared with the deployed one. */
const textOrList = (resources: readonly string[]): string | readonly string[] => {
  const [only] = resources
  return only !== undefined && resources.length === 1 ? only : resources
}

interface Signers {
  readonly accounts: readonly (string | Sub)[]
  /** Values of `aws:PrincipalArn`: for a session, the ARN of its role. */
  readonly principals: readonly (string | Sub)[]
}

const toSigners = (stageName: string, callerName: string, caller: Caller): Signers => {
  if (caller.kind !== 'direct') {
    const callerRole = roleArn('${AWS::Partition}', '${AWS::AccountId}', callerRoleName(stageName, callerName))
    return { accounts: [sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root')], principals: [sub(callerRole)] }
  }
  const accounts = caller.principals
    .map(parseArn)
    .map(({ partition, accountId }) => `arn:${partition}:iam::${accountId}:root`)
  return { accounts: [...new Set(accounts)], principals: caller.principals }
}

/**
 * Rejects a policy above API Gateway's limit. Counts the compact JSON with all values substituted.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
export const checkPolicyLength = (statements: readonly Statement[], region: string): void => {
  const policyText = JSON.stringify(policyDocument(...statements), (_, value) =>
    typeof value === 'object' && value !== null && 'Fn::Sub' in value
      ? String(value['Fn::Sub'])
          .replaceAll('${AWS::Partition}', partitionOf(region))
          .replaceAll('${AWS::AccountId}', '000000000000')
      : value,
  )
  if (policyText.length <= maxResourcePolicyLength) return
  throw new AccessMapError(
    `the resource policy of the API would have ${policyText.length} characters, and the limit of API Gateway is ${maxResourcePolicyLength}: give the stage fewer callers, or its direct callers fewer principals`,
  )
}
