import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import type { Identity } from '../../cli/local-stack/index.ts'

/** Names, values and versions. */
export const readParameters = async (
  { accessKeyId, secretAccessKey, region, endpoints }: Identity,
  names: readonly string[],
) => {
  const client = new SSMClient({ endpoint: endpoints.aws, region, credentials: { accessKeyId, secretAccessKey } })
  const { Parameters } = await client.send(new GetParametersCommand({ Names: [...names], WithDecryption: true }))
  return Parameters
}
