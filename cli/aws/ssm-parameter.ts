import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { type AwsAccount, clientConfig } from './aws-client.ts'

/** A parameter, decrypted, or why there is none. */
export type SsmParameter =
  | { readonly value: string; readonly type: string }
  | { readonly rejection: { readonly code: string; readonly message: string } }

export const getParameter = async (account: AwsAccount, Name: string): Promise<SsmParameter> => {
  try {
    const { Parameter } = await new SSMClient(clientConfig(account)).send(
      new GetParameterCommand({ Name, WithDecryption: true }),
    )
    return { value: Parameter?.Value ?? '', type: Parameter?.Type ?? '' }
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return { rejection: { code: error.name, message: error.message } }
  }
}
