import { executionRoleName, type Route, routesOf, type Stage } from '../../shared/access/index.ts'
import { batchesPolicy } from './asynchronous-functions.ts'
import { attribute, policyDocument, type TemplateAdditions } from './cloudformation.ts'
import { executionRoleId, logGroupId } from './logical-ids.ts'
import { loginPolicies } from './snowflake-login-permissions.ts'
import { targetPolicies } from './target-permissions.ts'

/**
 * One execution role for each function, with write access to the function's log only. In addition: batch state and
 * self-invocation for asynchronous functions, the target roles for `invoke`, and the login's permissions for
 * `snowflake-probe`.
 */
export const executionRoles = (stageName: string, stage: Stage): TemplateAdditions => {
  const functions = new Map(routesOf(stage).map((route) => [route.functionName, route]))
  return {
    Resources: Object.fromEntries(
      [...functions].map(([name, route]) => [executionRoleId(name), roleResource(stageName, stage, route)]),
    ),
  }
}

const roleResource = (stageName: string, stage: Stage, { functionName, asynchronous }: Route) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: executionRoleName(stageName, functionName),
    Description: `Execution role of ${functionName}, snowgate ${stageName}`,
    // Workload identity compares the session ARN, which has no path.
    Path: '/',
    AssumeRolePolicyDocument: policyDocument({
      Sid: 'AssumeExecutionRole',
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
    Policies: [
      {
        PolicyName: 'log',
        PolicyDocument: policyDocument({
          Sid: 'WriteOwnLog',
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          // This attribute ends in `:*`: all log streams of the group.
          // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
          Resource: attribute(logGroupId(functionName), 'Arn'),
        }),
      },
      ...(asynchronous ? [batchesPolicy(stageName, functionName)] : []),
      ...targetPolicies(functionName, stage),
      ...loginPolicies(functionName, stage),
    ],
  },
})
