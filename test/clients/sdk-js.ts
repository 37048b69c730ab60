import { InvokeCommand, LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda'
import { AssumeRoleCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts'
import { type Client, type ClientCall, type ClientCredentials, type ClientResult, name } from './client-call.ts'

const run = async (call: ClientCall): Promise<ClientResult> => {
  const { endpoint, region, callerRole, secretOverride, functionName } = call
  try {
    const own = callerRole ? await assumeCallerRole(call, callerRole) : call.keys
    const credentials = { ...own, ...(secretOverride && { secretAccessKey: secretOverride }) }
    const lambda = new LambdaClient({ endpoint, region, credentials })
    const Payload = JSON.stringify({ name })
    const { StatusCode, Payload: response } = await lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload }),
    )
    return { message: response?.transformToString() ?? '', ...(StatusCode !== undefined && { status: StatusCode }) }
  } catch (error) {
    if (!(error instanceof STSServiceException || error instanceof LambdaServiceException)) throw error
    const status = error.$metadata.httpStatusCode
    return { errorType: error.name, message: error.message, ...(status !== undefined && { status }) }
  }
}

const assumeCallerRole = async (
  { endpoint, region, keys }: ClientCall,
  { roleArn, externalId }: NonNullable<ClientCall['callerRole']>,
): Promise<ClientCredentials> => {
  const sts = new STSClient({ endpoint, region, credentials: keys })
  const { Credentials: session } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'client', ExternalId: externalId }),
  )
  return {
    accessKeyId: session?.AccessKeyId ?? '',
    secretAccessKey: session?.SecretAccessKey ?? '',
    sessionToken: session?.SessionToken ?? '',
  }
}

export const sdkJs: Client = {
  name: 'AWS SDK for JavaScript v3',
  calls: 'lambda',
  reportedFields: ['status', 'errorType'],
  run,
  unsupportedCases: {
    'clock six minutes off': 'it reads the time from the error response and signs again',
    'wrong service': 'it knows the name itself',
    'explicit deny': 'no policy of the function denies',
  },
}
