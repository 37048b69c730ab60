import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { LocalIdentity } from '../../cli/local-stack/local-stack-client.ts'

/** Names, values and versions. */
export const readParameters = async (
  { accessKeyId, secretAccessKey, region, endpoints }: LocalIdentity,
  names: readonly string[],
) => {
  const client = new SSMClient({ endpoint: endpoints.aws, region, credentials: { accessKeyId, secretAccessKey } })
  const { Parameters } = await client.send(new GetParametersCommand({ Names: [...names], WithDecryption: true }))
  return Parameters
}
