import { SignatureV4 } from '@smithy/signature-v4'
import { Sha256 } from '../../../shared/aws/smithy-sha256.ts'
import type { AwsCredentials } from './assume-role.ts'
import type { OutgoingRequest } from './http-transport.ts'

interface SigningScope {
  readonly region: string
  readonly now: Date
}

/** Signs for `execute-api` with the SDK's signer: the stack's verifier must not be judged by its own code. */
export const signRequest = async (
  request: OutgoingRequest,
  credentials: AwsCredentials,
  { region, now }: SigningScope,
): Promise<OutgoingRequest> => {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials, sha256: Sha256 })
  const { method, url, headers, body } = request
  const { headers: withSignature } = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      headers: { host: url.host, ...headers },
      ...(body && { body }),
    },
    { signingDate: now },
  )
  return { ...request, headers: withSignature }
}
