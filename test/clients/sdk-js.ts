import { InvokeCommand, LambdaClient, LambdaServiceException } from '@aws-sdk/client-lambda'
import { AssumeRoleCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts'
import { type Client, type Journey, type Keys, name, type Outcome } from './journey.ts'

const travel = async (journey: Journey): Promise<Outcome> => {
  const { endpoint, region, door, secretInstead, functionName } = journey
  try {
    const own = door ? await enter(journey, door) : journey.keys
    const credentials = { ...own, ...(secretInstead && { secretAccessKey: secretInstead }) }
    const lambda = new LambdaClient({ endpoint, region, credentials })
    const Payload = JSON.stringify({ name })
    const { StatusCode, Payload: answer } = await lambda.send(
      new InvokeCommand({ FunctionName: functionName, Payload }),
    )
    return { words: answer?.transformToString() ?? '', ...(StatusCode !== undefined && { status: StatusCode }) }
  } catch (error) {
    if (!(error instanceof STSServiceException || error instanceof LambdaServiceException)) throw error
    const status = error.$metadata.httpStatusCode
    return { errorType: error.name, words: error.message, ...(status !== undefined && { status }) }
  }
}

const enter = async (
  { endpoint, region, keys }: Journey,
  { roleArn, externalId }: NonNullable<Journey['door']>,
): Promise<Keys> => {
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
  shows: ['status', 'errorType'],
  travel,
  cannot: {
    'clock six minutes off': 'it learns the time from the refusal and signs again',
    'wrong service': 'it knows the name itself',
    'explicit deny': 'no policy of the function denies',
  },
}
