import { requestSigner } from '../../shared/signing/index.ts'
import type { Keys } from './keys.ts'

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

interface Scope {
  readonly service: string
  readonly region: string
}

/** Signs with the SDK's own signer: the local stack's verifier must not be judged by its own code. */
export const signRequest = async (request: RequestToSign, keys: Keys, scope: Scope): Promise<SignedRequest> => {
  const { method, url, headers, body } = request
  const unsigned = { method, host: url.host, path: url.pathname, query: queryOf(url), headers, ...(body && { body }) }
  return { ...request, ...(await requestSigner(scope, keys).sign(unsigned, new Date())) }
}

/** A URL that carries its signature, for whoever has it and for as long; it is for a request without a body. */
export const presignUrl = async (
  { method, url }: Pick<RequestToSign, 'method' | 'url'>,
  keys: Keys,
  scope: Scope,
  expiresIn: number,
): Promise<string> => {
  const unsigned = { method, host: url.host, path: url.pathname, query: queryOf(url), headers: {} }
  const { target } = await requestSigner(scope, keys).presign(unsigned, { signingDate: new Date(), expiresIn })
  return url.origin + target
}

type Query = Record<string, string | string[]>

/** A plus is a plus: only forms mean a space by it. */
const queryOf = (url: URL): Query => {
  const query: Query = Object.create(null)
  for (const pair of url.search.slice(1).split('&').filter(Boolean)) {
    const [name = '', ...value] = pair.split('=')
    const key = decoded(name)
    const known = query[key]
    query[key] = known === undefined ? decoded(value.join('=')) : [known, decoded(value.join('='))].flat()
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
