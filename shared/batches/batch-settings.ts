import type { AwsCredentials } from '../aws/aws-api-client.ts'
import {
  credentialVariables,
  type Environment,
  processEnvironment,
  readVariables,
  roleCredentials,
} from '../aws/lambda-environment.ts'

/** Settings of asynchronous batches, from the environment. */
export interface BatchSettings {
  readonly region: string
  readonly functionName: string
  readonly tableName: string
  readonly credentials: AwsCredentials
  readonly endpoints: { readonly dynamodb: string; readonly lambda: string }
}

/** Throws a TypeError that names all missing variables. The template sets BATCHES_TABLE, Lambda the others. */
export const readBatchSettings = (env: Environment = processEnvironment()): BatchSettings => {
  const { AWS_REGION: region, ...variables } = readVariables(
    env,
    ...(['AWS_REGION', 'AWS_LAMBDA_FUNCTION_NAME', 'BATCHES_TABLE'] as const),
    ...credentialVariables,
  )
  // https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
  const endpoint = (service: 'dynamodb' | 'lambda'): string =>
    env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ??
    env['AWS_ENDPOINT_URL'] ??
    `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
  return {
    region,
    functionName: variables.AWS_LAMBDA_FUNCTION_NAME,
    tableName: variables.BATCHES_TABLE,
    credentials: roleCredentials(env),
    endpoints: { dynamodb: endpoint('dynamodb'), lambda: endpoint('lambda') },
  }
}
