import { GetFunctionConfigurationCommand, GetPolicyCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { type Account, clientConfig } from './account.ts'
import { isNamed, look } from './look.ts'
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

const client = (account: Account) => new LambdaClient(clientConfig(account))

/** Undefined when there is no function of the name. */
export const functionConfiguration = async (
  account: Account,
  FunctionName: string,
): Promise<FunctionConfiguration | undefined> => {
  const got = await look(
    `GetFunctionConfiguration of ${FunctionName}`,
    () => client(account).send(new GetFunctionConfigurationCommand({ FunctionName })),
    isNamed('ResourceNotFoundException'),
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
export const functionPolicy = async (account: Account, FunctionName: string): Promise<PolicyDocument | undefined> => {
  const got = await look(
    `GetPolicy of ${FunctionName}`,
    () => client(account).send(new GetPolicyCommand({ FunctionName })),
    isNamed('ResourceNotFoundException'),
  )
  return got?.Policy === undefined ? undefined : readPolicy(got.Policy, `the policy of ${FunctionName}`)
}

export interface Invoked {
  /** What the function answered, as text. */
  readonly payload: string
  /** Present when it failed. */
  readonly functionError: string | undefined
}

/** Invokes it with an event as a program would, and waits; undefined where Lambda runs no more of it at once. */
export const invoke = async (account: Account, FunctionName: string, event: unknown): Promise<Invoked | undefined> => {
  const got = await look(
    `Invoke of ${FunctionName}`,
    () => client(account).send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) })),
    isNamed('TooManyRequestsException'),
  )
  if (!got) return undefined
  return { payload: Buffer.from(got?.Payload ?? []).toString(), functionError: got?.FunctionError }
}
