import type { QueryOperation } from '../query-service.ts'
import { encodedDocument, roleAsked } from './role-asked.ts'

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export const getRole: QueryOperation = (given, call) => {
  const role = roleAsked(given, call, 'iam:GetRole')
  return {
    Role: {
      Path: role.path,
      RoleName: role.name,
      RoleId: call.roleIdOf(role.arn),
      Arn: role.arn,
      CreateDate: call.deployment?.stack.deployedAt.toISOString(),
      AssumeRolePolicyDocument: encodedDocument(role.trustPolicy.document),
      MaxSessionDuration: role.maxSessionDuration,
      Tags: Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
    },
  }
}
