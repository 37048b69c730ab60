import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import type { AwsCredentials } from './assume-role.ts'
import type { OutgoingRequest } from './transport.ts'

interface Place {
  readonly region: string
  readonly now: Date
}

/** Signs for `execute-api` with the SDK's signer: the stack's verifier must not be judged by its own code. */
export const signed = async (
  request: OutgoingRequest,
  credentials: AwsCredentials,
  { region, now }: Place,
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

/** The shape in which the signer wants its hash; its keys are texts and bytes. */
class Sha256 {
  readonly #hash: Hash | Hmac

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', keyBytes(secret))
  }

  update(data: Uint8Array | string) {
    this.#hash.update(data)
  }

  async digest() {
    return this.#hash.digest()
  }
}

const keyBytes = (secret: string | ArrayBuffer | ArrayBufferView): Buffer => {
  if (typeof secret === 'string') return Buffer.from(secret)
  if (secret instanceof ArrayBuffer) return Buffer.from(secret)
  return Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength)
}
