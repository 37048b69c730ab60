import { createRequestSigner } from '../../shared/aws/sign-request.ts'
import type { AwsKeys } from '../aws/pasted-credentials.ts'

export interface RequestToSign {
  readonly method: string
  readonly url: URL
  /** As they will be sent; `host` is added. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
}

export interface SignedRequest extends RequestToSign {
  /** Path and query exactly as signed, to be sent as they are. */
  readonly target: string
}

interface CredentialScope {
  readonly service: string
  readonly region: string
}

/** Signs with the SDK's own signer: the local stack's verifier must not be judged by its own code. */
export const signRequest = async (
  request: RequestToSign,
  keys: AwsKeys,
  scope: CredentialScope,
): Promise<SignedRequest> => {
  const { method, url, headers, body } = request
  const unsigned = { method, host: url.host, path: url.pathname, query: queryOf(url), headers, ...(body && { body }) }
  return { ...request, ...(await createRequestSigner(scope, keys).sign(unsigned, new Date())) }
}

/** A presigned URL: anyone who has it can send the request until it expires. Without a body. */
export const presignUrl = async (
  { method, url }: Pick<RequestToSign, 'method' | 'url'>,
  keys: AwsKeys,
  scope: CredentialScope,
  expiresIn: number,
): Promise<string> => {
  const unsigned = { method, host: url.host, path: url.pathname, query: queryOf(url), headers: {} }
  const { target } = await createRequestSigner(scope, keys).presign(unsigned, { signingDate: new Date(), expiresIn })
  return url.origin + target
}

type Query = Record<string, string | string[]>

/** A plus is a plus: only forms mean a space by it. */
const queryOf = (url: URL): Query => {
  const query: Query = Object.create(null)
  for (const pair of url.search.slice(1).split('&').filter(Boolean)) {
    const [name = '', ...parts] = pair.split('=')
    const key = decoded(name)
    const value = decoded(parts.join('='))
    const earlier = query[key]
    query[key] = earlier === undefined ? value : [earlier, value].flat()
  }
  return query
}

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
