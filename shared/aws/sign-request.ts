import type { SignatureV4 } from '@smithy/signature-v4'
import type { AwsCredentials } from './aws-api-client.ts'
import { Sha256 } from './smithy-sha256.ts'
import { uriEncode } from './uri-encode.ts'

/** A request to sign, complete except for the signature. */
export interface UnsignedRequest {
  readonly method: string
  /** With the port, unless it is the protocol's default: `db.example.com:8182`. */
  readonly host: string
  /** Percent-encoded once. S3 signs it unchanged; all other services normalize and encode it again. */
  readonly path: string
  /** Not encoded. */
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** Without `host`. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

export interface SignedRequest {
  /** Path and query, exactly as signed. Send them unchanged. */
  readonly target: string
  /** With `host`. */
  readonly headers: Readonly<Record<string, string>>
}

interface SigningScope {
  /** The service in the signature: `neptune-db`. */
  readonly service: string
  readonly region: string
}

/** Signs requests for any AWS service (SigV4). The first request loads the library, which caches derived keys. */
export const createRequestSigner = ({ service, region }: SigningScope, credentials: AwsCredentials) => {
  let signerPromise: Promise<SignatureV4> | undefined
  const createSigner = async () => {
    const { SignatureV4 } = await import('@smithy/signature-v4')
    return new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath: service !== 's3' })
  }
  const getSigner = () => {
    signerPromise ??= createSigner()
    return signerPromise
  }

  return {
    /** The signature in headers. */
    sign: async (request: UnsignedRequest, signingDate: Date): Promise<SignedRequest> => {
      const { headers } = await (await getSigner()).sign(toSmithyRequest(request), { signingDate })
      return { target: requestTarget(request.path, request.query), headers }
    },

    /** The signature in the query, valid for `expiresIn` seconds, at most a week. Not for bodies: S3 accepts any, others none. */
    presign: async (
      { body: _, ...request }: UnsignedRequest,
      { signingDate, expiresIn }: { readonly signingDate: Date; readonly expiresIn: number },
    ): Promise<SignedRequest> => {
      // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
      const payloadHeader = service === 's3' ? { 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' } : {}
      const unsigned = toSmithyRequest({ ...request, headers: { ...request.headers, ...payloadHeader } })
      const { headers, query } = await (await getSigner()).presign(unsigned, { signingDate, expiresIn })
      return { target: requestTarget(request.path, query ?? {}), headers }
    },
  }
}

const toSmithyRequest = ({ method, host, path, query, headers, body }: UnsignedRequest) => ({
  method,
  protocol: 'https:',
  hostname: host,
  path,
  query: toMutableQuery(query),
  headers: { host, ...headers },
  ...(body && { body }),
})

const toMutableQuery = (query: UnsignedRequest['query']): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
  )

const requestTarget = (path: string, query: Readonly<Record<string, string | readonly string[] | null>>): string => {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values ?? ''].flat().map((value) => `${uriEncode(name)}=${uriEncode(value)}`),
  )
  return pairs.length > 0 ? `${path}?${pairs.join('&')}` : path
}
