import { executionRoleName, type Route, routesOf, type Stage } from '../shared/access/index.ts'
import { batchesPolicy } from './asynchronous-functions.ts'
import { type Additions, attribute, policyDocument } from './cloudformation.ts'
import { executionRoleId, logGroupId } from './logical-ids.ts'
import { loginPolicies } from './snowflake-login.ts'
import { targetPolicies } from './targets.ts'

/**
 * One role for each function, which may write to the log of that function and do nothing else; that of an asynchronous one
 * may keep the state of its batches and go on with them, that of `invoke` may assume the roles of its targets, and that of
 * `snowflake-probe` may do what its login takes.
 */
export const executionRoles = (stageName: string, stage: Stage): Additions => {
  const functions = new Map(routesOf(stage).map((route) => [route.functionName, route]))
  return {
    Resources: Object.fromEntries(
      [...functions].map(([name, route]) => [executionRoleId(name), role(stageName, stage, route)]),
    ),
  }
}

const role = (stageName: string, stage: Stage, { functionName, asynchronous }: Route) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    RoleName: executionRoleName(stageName, functionName),
    Description: `What ${functionName} of snowgate ${stageName} runs as`,
    // Workload identity compares the ARN of the session, from which a path is missing.
    Path: '/',
    AssumeRolePolicyDocument: policyDocument({
      Sid: 'RunAs',
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
          // This attribute ends in `:*`, the streams of the group, which Lambda names as it goes.
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
