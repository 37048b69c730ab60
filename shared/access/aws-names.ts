export const serviceName = 'snowgate'

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const roleNameLimit = 64

/** Caller roles have the path `/`: session ARNs omit the path, so comparing the two would never match. */
export const callerRoleName = (stage: string, caller: string): string => `${serviceName}-${stage}-${caller}`

/** The name of the Lambda function itself, as osls composes it. */
export const lambdaFunctionName = (stage: string, functionName: string): string =>
  `${serviceName}-${stage}-${functionName}`

/** Caller names must not end with this: a caller role and an execution role must never be the same role. */
export const executionRoleSuffix = '-function'

export const executionRoleName = (stage: string, functionName: string): string =>
  `${lambdaFunctionName(stage, functionName)}${executionRoleSuffix}`

/** The table with the batch state of an asynchronous function. */
export const batchesTableName = (stage: string, functionName: string): string =>
  `${lambdaFunctionName(stage, functionName)}-batches`

/** The service's default user name in Snowflake. */
export const defaultSnowflakeUser = (stage: string): string => `${serviceName}_${stage}_probe`.toUpperCase()

/** The default Parameter Store names of the key pair. */
export const defaultPrivateKeyParameter = (stage: string): string => `/${serviceName}/${stage}/snowflake/private-key`
export const defaultPassphraseParameter = (stage: string): string => `/${serviceName}/${stage}/snowflake/passphrase`

/** The ARN of a role with path `/`. Accepts `${AWS::Partition}` and `${AWS::AccountId}` in a template. */
export const roleArn = (partition: string, accountId: string, roleName: string): string =>
  `arn:${partition}:iam::${accountId}:role/${roleName}`

/** Partition and account of a valid role or user ARN. */
export const parseArn = (arn: string): { readonly partition: string; readonly accountId: string } => {
  const [, partition = '', , , accountId = ''] = arn.split(':')
  return { partition, accountId }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
