import { SignatureV4 } from '@smithy/signature-v4'
import { Sha256 } from '../../shared/signing/index.ts'
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
export const signRequest = async (
  { method, url, headers, body }: RequestToSign,
  keys: Keys,
  { service, region }: Scope,
): Promise<SignedRequest> => {
  const query = queryOf(url)
  const signed = await signerFor(keys, { service, region }).sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query,
    headers: { host: url.host, ...headers },
    ...(body && { body }),
  })
  return { method, url, headers: signed.headers, body, target: url.pathname + searchOf(query) }
}

/** A URL that carries its signature, for whoever has it and for as long; it is for a request without a body. */
export const presignUrl = async (
  { method, url }: Pick<RequestToSign, 'method' | 'url'>,
  keys: Keys,
  scope: Scope,
  expiresIn: number,
): Promise<string> => {
  const { protocol, hostname, host, pathname } = url
  const request = { method, protocol, hostname, path: pathname, query: queryOf(url), headers: { host } }
  const signed = await signerFor(keys, scope).presign(request, { expiresIn })
  const query = Object.entries(signed.query ?? {}).map(([name, value]) => [name, value ?? ''] as const)
  return `${url.origin}${pathname}${searchOf(Object.fromEntries(query))}`
}

/** S3 alone takes the path as it is; everybody else expects it encoded once more (SigV4, canonical URI). */
const signerFor = (keys: Keys, { service, region }: Scope) =>
  new SignatureV4({ service, region, credentials: keys, sha256: Sha256, uriEscapePath: service !== 's3' })

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

const searchOf = (query: Query): string => {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => `${encoded(name)}=${encoded(value)}`),
  )
  return pairs.length > 0 ? `?${pairs.join('&')}` : ''
}

const decoded = (text: string) => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** RFC 3986, as the canonical query string wants it: encodeURIComponent leaves five characters out. */
const encoded = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
