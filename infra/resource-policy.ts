import {
  AccessMapError,
  type Caller,
  doorRoleName,
  isHttpRoute,
  isShut,
  partitionOf,
  partsOfArn,
  roleArn,
  type Stage,
} from '../shared/access/index.ts'
import { policyDocument, type Statement, type Sub, sub } from './cloudformation.ts'
import { asLogicalId } from './logical-ids.ts'
import { ownRouteArn } from './route-arns.ts'

const resourcePolicyLimit = 8192

/**
 * The policy of the API: every caller on its routes, and a denial of everybody else, administrators of this account
 * included. Allow statements name accounts and not roles, with the role in the condition: see docs/decisions.
 */
export const resourcePolicy = (stageName: string, stage: Stage): readonly Statement[] => {
  const admitted = [...stage.callers]
    .filter(([, caller]) => !isShut(caller) && caller.routes.some(isHttpRoute))
    .map(([name, caller]) => ({ name, caller, signers: signersOf(stageName, name, caller) }))
  const allowed = admitted.map(
    ({ name, caller, signers }): Statement => ({
      Sid: `Allow${asLogicalId(name)}`,
      Effect: 'Allow',
      Principal: { AWS: signers.accounts },
      Action: ['execute-api:Invoke'],
      Resource: textOrList(caller.routes.filter(isHttpRoute).map((route) => ownRouteArn(stageName, route))),
      Condition: { ArnEquals: { 'aws:PrincipalArn': signers.principals } },
    }),
  )
  const everybody = admitted.flatMap(({ signers }) => signers.principals)
  const denied: Statement = {
    Sid: 'DenyEverybodyElse',
    Effect: 'Deny',
    Principal: '*',
    Action: ['execute-api:Invoke'],
    Resource: 'execute-api:/*',
    // Without anybody admitted there is no "else": a condition with an empty list is an error of policy grammar.
    ...(everybody.length > 0 && { Condition: { ArnNotEquals: { 'aws:PrincipalArn': everybody } } }),
  }
  return [...allowed, denied]
}

/** A list of one is written as a text: osls writes it so, and what is deployed is compared with this. */
const textOrList = (resources: readonly string[]): string | readonly string[] => {
  const [only] = resources
  return only !== undefined && resources.length === 1 ? only : resources
}

interface Signers {
  readonly accounts: readonly (string | Sub)[]
  /** Values of `aws:PrincipalArn`: for a session, the ARN of its role. */
  readonly principals: readonly (string | Sub)[]
}

const signersOf = (stageName: string, callerName: string, caller: Caller): Signers => {
  if (caller.kind !== 'direct') {
    const door = roleArn('${AWS::Partition}', '${AWS::AccountId}', doorRoleName(stageName, callerName))
    return { accounts: [sub('arn:${AWS::Partition}:iam::${AWS::AccountId}:root')], principals: [sub(door)] }
  }
  const accounts = caller.principals
    .map(partsOfArn)
    .map(({ partition, accountId }) => `arn:${partition}:iam::${accountId}:root`)
  return { accounts: [...new Set(accounts)], principals: caller.principals }
}

/**
 * Refuses a policy that API Gateway would not take. Counted is what is sent: compact JSON with every value put in.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
export const checkPolicyLength = (statements: readonly Statement[], region: string): void => {
  const sent = JSON.stringify(policyDocument(...statements), (_, value) =>
    typeof value === 'object' && value !== null && 'Fn::Sub' in value
      ? String(value['Fn::Sub'])
          .replaceAll('${AWS::Partition}', partitionOf(region))
          .replaceAll('${AWS::AccountId}', '000000000000')
      : value,
  )
  if (sent.length <= resourcePolicyLimit) return
  throw new AccessMapError(
    `the resource policy of the API would have ${sent.length} characters, and API Gateway takes ${resourcePolicyLimit}: give the stage fewer callers, or fewer principals to those that are direct`,
  )
}
