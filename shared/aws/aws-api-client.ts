import type { SignatureV4 } from '@smithy/signature-v4'
import { Sha256 } from './smithy-sha256.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** One AWS service in one region. */
export interface AwsApiClientOptions {
  /** The service in the signature: `dynamodb`, `lambda`. */
  readonly service: string
  readonly region: string
  /** Without a path: `https://dynamodb.eu-central-1.amazonaws.com`. */
  readonly endpoint: string
  readonly credentials: AwsCredentials
}

export interface AwsApiRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface AwsApiResponse {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/**
 * Sends one signed POST and returns the response, whatever its status. Rejects only without a response. The first request
 * loads the signer: importing an asynchronous function takes 11 ms instead of 20, and plain requests never need it.
 */
export const createAwsApiClient = ({ service, region, endpoint, credentials }: AwsApiClientOptions) => {
  const { protocol, hostname, host } = new URL(endpoint)
  let signerPromise: Promise<SignatureV4> | undefined
  const createSigner = async () => {
    const { SignatureV4 } = await import('@smithy/signature-v4')
    return new SignatureV4({ service, region, credentials, sha256: Sha256 })
  }
  return async ({ path, headers, body }: AwsApiRequest, signal: AbortSignal): Promise<AwsApiResponse> => {
    signerPromise ??= createSigner()
    const signed = await (await signerPromise).sign({
      method: 'POST',
      protocol,
      hostname,
      path,
      body,
      headers: { host, ...headers },
    })
    // No redirect: signed headers are for this host alone.
    const request = { method: 'POST', headers: signed.headers, body, signal, redirect: 'error' } as const
    const response = await fetch(`${protocol}//${host}${path}`, request)
    return { status: response.status, headers: response.headers, body: await response.text() }
  }
}
