import type { RoleResource } from '../../deployment/deployed-resources.ts'
import { type QueryOperation, queryService } from '../../service/query-protocol.ts'
import { type OperationCall, OperationRejected } from '../../service/service-endpoint.ts'

/** The role that `RoleName` names, for a caller who may know it. */
const resolveRole = (parameters: ReadonlyMap<string, string>, call: OperationCall, action: string): RoleResource => {
  const { location, deployment, caller, authorize } = call
  const name = parameters.get('RoleName')
  if (name === undefined) {
    const message =
      "1 validation error detected: Value null at 'roleName' failed to satisfy constraint: Member must not be null"
    throw new OperationRejected({ status: 400, code: 'ValidationError', message }, { reason: message })
  }
  const role = deployment?.roles.find((one) => one.name === name)
  authorize({
    action,
    // A role that is not there would lie at the path /.
    resource: role?.arn ?? `arn:${location.partition}:iam::${caller.accountId}:role/${name}`,
    // O: github.com/aws/aws-cdk/issues/27067
    resourceInMessage: `role ${name}`,
  })
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`)
  return role
}

/**
 * Code and status D: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html ; the sentences O:
 * github.com/jarpy/lambkin/pull/3, github.com/aws/aws-cli/issues/6139
 */
const noSuchEntity = (message: string): OperationRejected =>
  new OperationRejected({ status: 404, code: 'NoSuchEntity', message }, { reason: message })

/** IAM hands out its documents URL-encoded, after RFC 3986. D: the same page */
const encodePolicyDocument = (document: unknown): string =>
  encodeURIComponent(JSON.stringify(document)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
const getRole: QueryOperation = (parameters, call) => {
  const role = resolveRole(parameters, call, 'iam:GetRole')
  return {
    Role: {
      Path: role.path,
      RoleName: role.name,
      RoleId: call.roleIdOf(role.arn),
      Arn: role.arn,
      CreateDate: call.deployment?.stack.deployedAt.toISOString(),
      AssumeRolePolicyDocument: encodePolicyDocument(role.trustPolicy.document),
      MaxSessionDuration: role.maxSessionDuration,
      Tags: Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })),
    },
  }
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html */
const getRolePolicy: QueryOperation = (parameters, call) => {
  const role = resolveRole(parameters, call, 'iam:GetRolePolicy')
  const name = parameters.get('PolicyName') ?? ''
  const policy = role.identityPolicies.find(({ policyName }) => policyName === name)
  if (!policy) throw noSuchEntity(`The role policy with name ${name} cannot be found.`)
  return { RoleName: role.name, PolicyName: name, PolicyDocument: encodePolicyDocument(policy.document) }
}

/** All on one page. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html */
const listRolePolicies: QueryOperation = (parameters, call) => {
  const { identityPolicies } = resolveRole(parameters, call, 'iam:ListRolePolicies')
  return { PolicyNames: identityPolicies.flatMap(({ policyName }) => policyName ?? []), IsTruncated: false }
}

/** One endpoint for all regions. https://docs.aws.amazon.com/general/latest/gr/iam-service.html */
const signingRegions: Readonly<Record<string, string>> = { 'aws-cn': 'cn-north-1', 'aws-us-gov': 'us-gov-west-1' }

export const iamService = (partition: string) =>
  queryService({
    service: 'iam',
    region: signingRegions[partition] ?? 'us-east-1',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    operations: new Map([
      ['GetRole', getRole],
      ['GetRolePolicy', getRolePolicy],
      ['ListRolePolicies', listRolePolicies],
    ]),
  })
