import { GetFunctionConfigurationCommand, GetPolicyCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { type AwsAccount, callAws, clientConfig, hasErrorName } from './aws-client.ts'
import { type PolicyDocument, readPolicy } from './policy-document.ts'

export interface FunctionConfiguration {
  readonly arn: string
  /** `Active` */
  readonly state: string
  readonly stateReason: string | undefined
  /** Seconds */
  readonly timeout: number
  /** MB */
  readonly memorySize: number
}

const client = (account: AwsAccount) => new LambdaClient(clientConfig(account))

/** Undefined when there is no function of the name. */
export const functionConfiguration = async (
  account: AwsAccount,
  FunctionName: string,
): Promise<FunctionConfiguration | undefined> => {
  const got = await callAws(
    `GetFunctionConfiguration of ${FunctionName}`,
    () => client(account).send(new GetFunctionConfigurationCommand({ FunctionName })),
    hasErrorName('ResourceNotFoundException'),
  )
  if (!got) return undefined
  return {
    arn: got.FunctionArn ?? '',
    state: got.State ?? 'Active',
    stateReason: got.StateReason,
    timeout: got.Timeout ?? 0,
    memorySize: got.MemorySize ?? 0,
  }
}

/** Undefined when the function has no policy, or is not there. */
export const functionPolicy = async (
  account: AwsAccount,
  FunctionName: string,
): Promise<PolicyDocument | undefined> => {
  const got = await callAws(
    `GetPolicy of ${FunctionName}`,
    () => client(account).send(new GetPolicyCommand({ FunctionName })),
    hasErrorName('ResourceNotFoundException'),
  )
  return got?.Policy === undefined ? undefined : readPolicy(got.Policy, `the policy of ${FunctionName}`)
}

export interface InvokeResult {
  /** What the function answered, as text. */
  readonly payload: string
  /** Present when it failed. */
  readonly functionError: string | undefined
}

/** Invokes it with an event as a program would, and waits; undefined where Lambda runs no more of it at once. */
export const invokeFunction = async (
  account: AwsAccount,
  FunctionName: string,
  event: unknown,
): Promise<InvokeResult | undefined> => {
  const got = await callAws(
    `Invoke of ${FunctionName}`,
    () => client(account).send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) })),
    hasErrorName('TooManyRequestsException'),
  )
  if (!got) return undefined
  return { payload: Buffer.from(got?.Payload ?? []).toString(), functionError: got?.FunctionError }
}
