import { queryService } from '../query-service.ts'
import { getRole } from './get-role.ts'
import { getRolePolicy } from './get-role-policy.ts'
import { listRolePolicies } from './list-role-policies.ts'

/** One endpoint for all regions. https://docs.aws.amazon.com/general/latest/gr/iam-service.html */
const scopes: Readonly<Record<string, string>> = { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }

export const iamService = (partition: string) =>
  queryService({
    service: 'iam',
    region: scopes[partition] ?? 'us-east-1',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    operations: new Map([
      ['GetRole', getRole],
      ['GetRolePolicy', getRolePolicy],
      ['ListRolePolicies', listRolePolicies],
    ]),
  })
