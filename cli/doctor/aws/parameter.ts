import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { type Account, clientConfig } from './account.ts'

/** A parameter, decrypted, or why there is none. */
export type Parameter =
  | { readonly value: string; readonly type: string }
  | { readonly refusal: { readonly code: string; readonly message: string } }

export const parameter = async (account: Account, Name: string): Promise<Parameter> => {
  try {
    const { Parameter } = await new SSMClient(clientConfig(account)).send(
      new GetParameterCommand({ Name, WithDecryption: true }),
    )
    return { value: Parameter?.Value ?? '', type: Parameter?.Type ?? '' }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { refusal: { code: error.name, message: error.message } }
  }
}
