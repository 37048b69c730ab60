import type { QueryOperation } from '../query-service.ts'
import { encodedDocument, noSuchEntity, roleAsked } from './role-asked.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
export const getRolePolicy: QueryOperation = (given, call) => {
  const role = roleAsked(given, call, 'iam:GetRolePolicy')
  const name = given.get('PolicyName') ?? ''
  const policy = role.identityPolicies.find(({ policyName }) => policyName === name)
  if (!policy) throw noSuchEntity(`The role policy with name ${name} cannot be found.`)
  return { RoleName: role.name, PolicyName: name, PolicyDocument: encodedDocument(policy.document) }
}
