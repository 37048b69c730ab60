export const serviceName = 'snowgate'

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const roleNameLimit = 64

/** Door roles live at path `/`: a path is dropped from session ARNs, and whatever compares the two never matches. */
export const doorRoleName = (stage: string, caller: string): string => `${serviceName}-${stage}-${caller}`

/** The name of the Lambda function itself, as osls composes it. */
export const lambdaFunctionName = (stage: string, functionName: string): string =>
  `${serviceName}-${stage}-${functionName}`

/** No caller's name may end so: a door role and an execution role must never be the same role. */
export const executionRoleSuffix = '-function'

export const executionRoleName = (stage: string, functionName: string): string =>
  `${lambdaFunctionName(stage, functionName)}${executionRoleSuffix}`

/** Where an asynchronous function keeps the state of its batches. */
export const batchesTableName = (stage: string, functionName: string): string =>
  `${lambdaFunctionName(stage, functionName)}-batches`

/** Who the service is in Snowflake, unless the map says otherwise. */
export const snowflakeUserName = (stage: string): string => `${serviceName}_${stage}_probe`.toUpperCase()

/** Where the key pair lies in Parameter Store, unless the map says otherwise. */
export const privateKeyParameter = (stage: string): string => `/${serviceName}/${stage}/snowflake/private-key`
export const passphraseParameter = (stage: string): string => `/${serviceName}/${stage}/snowflake/passphrase`

/** For a role at path `/`. In a template, `${AWS::Partition}` and `${AWS::AccountId}` may stand for the values. */
export const roleArn = (partition: string, accountId: string, roleName: string): string =>
  `arn:${partition}:iam::${accountId}:role/${roleName}`

/** The parts of a role or user ARN that the map admits. */
export const partsOfArn = (arn: string): { readonly partition: string; readonly accountId: string } => {
  const [, partition = '', , , accountId = ''] = arn.split(':')
  return { partition, accountId }
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
