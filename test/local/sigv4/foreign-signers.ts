import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'
import { createRequire } from 'node:module'
import { SignatureV4 } from '@smithy/signature-v4'
import type { WireRequest } from '../../../local/http.ts'
import type { AccessKey, VerifyingEndpoint } from '../../../local/sigv4/index.ts'

/**
 * Foreign signers as witnesses: what the verifier accepts is signed here by other projects' code, and put on the wire
 * as their clients put it.
 */

export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'
export const sessionToken = 'FwoGZXIvYXdzEXAMPLE=='
export const now = new Date('2026-01-15T10:11:12Z')
export const host = 'a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com'

const inAnHour = new Date(now.getTime() + 3_600_000)
const anHourAgo = new Date(now.getTime() - 3_600_000)
const keys: readonly AccessKey<string>[] = [
  { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey, owner: 'user' },
  { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', secretAccessKey, sessionToken, expiration: inAnHour, owner: 'session' },
  {
    accessKeyId: 'ASIAIOSFODNN7EXPIRED',
    secretAccessKey,
    sessionToken,
    expiration: anHourAgo,
    owner: 'former session',
  },
]
const byId = new Map(keys.map((key) => [key.accessKeyId, key]))

export const longTerm = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey }
export const temporary = { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', secretAccessKey, sessionToken }

export const endpoint = (differing: Partial<VerifyingEndpoint<string>> = {}): VerifyingEndpoint<string> => ({
  service: 'execute-api',
  region: 'eu-central-1',
  clockSkewMinutes: 5,
  now: () => now,
  findKey: (accessKeyId) => byId.get(accessKeyId),
  ...differing,
})

export const stsEndpoint = endpoint({ service: 'sts', clockSkewMinutes: 15 })

/** Text as the bytes of its UTF-8, a character each: the form in which Node hands over what was on the wire. */
export const utf8 = (text: string): string => Buffer.from(text).toString('latin1')

export const wireRequest = (parts: Partial<WireRequest> = {}): WireRequest => ({
  method: 'GET',
  target: '/',
  rawHeaders: [],
  body: new Uint8Array(),
  sourceIp: '127.0.0.1',
  ...parts,
})

export type HeaderMap = Readonly<Record<string, string | readonly string[]>>

export const rawHeadersOf = (headers: HeaderMap): string[] =>
  Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((one) => [name, utf8(String(one))]))

export interface UnsignedRequest {
  readonly method?: string
  /** As on the request line, without the query. */
  readonly path?: string
  /** Decoded; a list repeats the name. */
  readonly query?: Readonly<Record<string, string | string[]>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export interface SigningOptions {
  readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  readonly service?: string
  readonly region?: string
  readonly date?: Date
  /** How the client writes its query on the wire; smithy leaves that to its HTTP handler. */
  readonly writeQuery?: (query: NonNullable<UnsignedRequest['query']>) => string
  readonly host?: string
  /** `false` signs the path as it stands, as S3's client does. */
  readonly uriEscapePath?: boolean
}

class Sha256 {
  readonly #hash: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', keyBytes(secret))
  }
  update(data: Uint8Array): void {
    this.#hash.update(data)
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
  reset(): void {}
}
const keyBytes = (key: string | ArrayBuffer | ArrayBufferView): string | Uint8Array => {
  if (typeof key === 'string') return key
  return ArrayBuffer.isView(key) ? new Uint8Array(key.buffer, key.byteOffset, key.byteLength) : new Uint8Array(key)
}

const smithySigner = (signing: SigningOptions) => {
  const { credentials = longTerm, service = 'execute-api', region = 'eu-central-1', uriEscapePath = true } = signing
  return new SignatureV4({ credentials, service, region, sha256: Sha256, uriEscapePath })
}

/** RFC 3986 throughout, as smithy's node handler writes it. */
export const strictQuery = (query: NonNullable<UnsignedRequest['query']>): string =>
  Object.entries(query)
    .flatMap(([name, value]) => [value].flat().map((one) => `${strict(name)}=${strict(one)}`))
    .join('&')
const strict = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

const smithyRequest = (unsigned: UnsignedRequest, hostHeader: string) => ({
  method: unsigned.method ?? 'GET',
  protocol: 'https:',
  hostname: host,
  path: unsigned.path ?? '/',
  query: { ...unsigned.query },
  headers: { host: hostHeader, ...unsigned.headers },
  body: unsigned.body,
})

const bytesOf = (body: string | Uint8Array | undefined): Uint8Array => Buffer.from(body ?? '')

const toWire = (
  sent: { method: string; path: string; query?: object; headers: HeaderMap },
  unsigned: UnsignedRequest,
  writeQuery: NonNullable<SigningOptions['writeQuery']>,
): WireRequest => {
  // Smithy's query bag is wider than what these tests put into it.
  const query = writeQuery({ ...(sent.query as NonNullable<UnsignedRequest['query']>) })
  return wireRequest({
    method: sent.method,
    target: utf8(query === '' ? sent.path : `${sent.path}?${query}`),
    rawHeaders: rawHeadersOf(sent.headers),
    body: bytesOf(unsigned.body),
  })
}

/** The signer of the AWS SDK for JavaScript, header form. */
export const signedBySmithy = async (unsigned: UnsignedRequest, signing: SigningOptions = {}): Promise<WireRequest> => {
  const request = smithyRequest(unsigned, signing.host ?? host)
  const sent = await smithySigner(signing).sign(request, { signingDate: signing.date ?? now })
  return toWire(sent, unsigned, signing.writeQuery ?? strictQuery)
}

/** The same signer, presigned form; it signs as if the body were empty unless given its hash. */
export const presignedBySmithy = async (
  unsigned: UnsignedRequest,
  signing: SigningOptions & { readonly expiresIn?: number } = {},
): Promise<WireRequest> => {
  const { expiresIn = 3600 } = signing
  const request = smithyRequest(unsigned, signing.host ?? host)
  const sent = await smithySigner(signing).presign(request, { signingDate: signing.date ?? now, expiresIn })
  return toWire(sent, unsigned, signing.writeQuery ?? strictQuery)
}

interface Aws4Request {
  readonly host?: string
  readonly method: string
  readonly path: string
  readonly headers: HeaderMap
  readonly body?: string | Uint8Array
  readonly service: string
  readonly region: string
  readonly signQuery?: boolean
  readonly doNotModifyHeaders?: boolean
  readonly extraHeadersToIgnore?: Readonly<Record<string, true>>
}
// The package has no types of its own; these are of its readme.
const aws4: {
  sign: (request: Aws4Request, credentials: NonNullable<SigningOptions['credentials']>) => Aws4Request
} = createRequire(import.meta.url)('aws4')

const isoBasic = (date: Date): string => date.toISOString().replace(/[-:]|\.\d{3}/g, '')

export interface Aws4UnsignedRequest extends Omit<UnsignedRequest, 'path' | 'query' | 'headers'> {
  /** Path and query as on the request line. */
  readonly target: string
  readonly headers?: HeaderMap
  /** Leaves out X-Amz-Date; the signer then dates the request by its Date header. */
  readonly doNotModifyHeaders?: boolean
  readonly extraHeadersToIgnore?: Readonly<Record<string, true>>
}

/** mhart/aws4, header form or (with `signQuery`) presigned. */
export const signedByAws4 = (
  unsigned: Aws4UnsignedRequest,
  signing: SigningOptions & { readonly signQuery?: boolean } = {},
): WireRequest => {
  const { credentials = longTerm, service = 'execute-api', region = 'eu-central-1', date = now } = signing
  const { signQuery = false } = signing
  const { doNotModifyHeaders = false, extraHeadersToIgnore = {} } = unsigned
  const dated = signQuery || doNotModifyHeaders ? {} : { 'X-Amz-Date': isoBasic(date) }
  const separator = unsigned.target.includes('?') ? '&' : '?'
  const sent = aws4.sign(
    {
      service,
      region,
      signQuery,
      doNotModifyHeaders,
      extraHeadersToIgnore,
      method: unsigned.method ?? 'GET',
      path: signQuery ? `${unsigned.target}${separator}X-Amz-Date=${isoBasic(date)}` : unsigned.target,
      headers: { Host: signing.host ?? host, ...dated, ...unsigned.headers },
      ...(unsigned.body === undefined ? {} : { body: unsigned.body }),
    },
    credentials,
  )
  return wireRequest({
    method: sent.method,
    target: utf8(sent.path),
    rawHeaders: rawHeadersOf(sent.headers),
    body: bytesOf(unsigned.body),
  })
}
