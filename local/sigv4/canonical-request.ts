import { hash } from 'node:crypto'

/**
 * Bytes are held as strings of one character a byte (U+0000 to U+00FF), the form in which Node hands over targets and
 * headers. Decoding them as text any earlier would lose what was signed.
 */
export const isByteString = (text: string): boolean => !/[\u0100-\uffff]/.test(text)

/** Everything but the unreserved characters of RFC 3986, section 2.3, as `%XX` with upper-case digits. */
const percentEncode = (bytes: string): string =>
  bytes.replace(/[^A-Za-z0-9\-._~]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

/** Leaves a malformed escape as it stands; `escapeFault` tells of it. */
const percentDecode = (encoded: string): string =>
  encoded.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))

/** The first malformed escape, in AWS's words. */
const malformedEscape = (encoded: string): string | undefined => {
  const at = encoded.search(/%(?![0-9A-Fa-f]{2})/)
  if (at < 0) return undefined
  const digits = encoded.slice(at + 1, at + 3)
  return digits.length < 2
    ? 'Incomplete trailing escape % sequence'
    : `Illegal hex character in escape % pattern: %${digits}`
}

export type CanonicalUri = { readonly text: string } | { readonly fault: string }

/**
 * The path of the request line in canonical form: doubled slashes and dot segments gone, a trailing slash kept, and
 * every segment encoded once more than it was on the wire. (S3 alone does neither; this verifier does not speak S3.)
 */
export const canonicalUri = (path: string): CanonicalUri => {
  const escapes = malformedEscape(path)
  if (escapes !== undefined) return { fault: escapes }
  if (path === '') return { text: '/' }
  if (!path.startsWith('/')) return { fault: 'the path does not begin with /' }

  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment !== '..') segments.push(percentEncode(segment))
    else if (segments.pop() === undefined) return { fault: 'the path climbs above its root' }
  }
  return { text: `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}` }
}

/** Name and value decoded, as byte strings. */
export interface QueryParameter {
  readonly name: string
  readonly value: string
}

export interface QueryString {
  /** In the order received, repeated names kept, empty pieces dropped. */
  readonly parameters: readonly QueryParameter[]
  /** The first malformed escape, in AWS's words. */
  readonly fault: string | undefined
}

/** A raw `+` is a blank: API Gateway's proxy event and the query services both read it so. */
const decodePart = (part: string): string => percentDecode(part.includes('+') ? part.replaceAll('+', ' ') : part)

export const parseQueryString = (query: string): QueryString => {
  const parameters: QueryParameter[] = []
  let fault: string | undefined
  for (const piece of query.split('&')) {
    if (piece === '') continue
    const equals = piece.indexOf('=')
    const name = equals < 0 ? piece : piece.slice(0, equals)
    const value = equals < 0 ? '' : piece.slice(equals + 1)
    fault ??= malformedEscape(name) ?? malformedEscape(value)
    parameters.push({ name: decodePart(name), value: decodePart(value) })
  }
  return { parameters, fault }
}

/** Of repeated parameters the first counts (measured on the query services). */
export const firstParameter = (query: QueryString, name: string): string | undefined =>
  query.parameters.find((parameter) => parameter.name === name)?.value

const compareBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Sorted by encoded name, then encoded value; comparing whole pairs would sort `a-b=` before `a=`. */
export const canonicalQueryString = (parameters: readonly QueryParameter[]): string =>
  parameters
    .map(({ name, value }) => ({ name: percentEncode(name), value: percentEncode(value) }))
    .sort((a, b) => compareBytes(a.name, b.name) || compareBytes(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join('&')

/** Lower-case name → values in the order received. */
export type WireHeaders = ReadonlyMap<string, readonly string[]>

export const readHeaders = (rawHeaders: readonly string[]): WireHeaders => {
  const headers = new Map<string, string[]>()
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase()
    const value = rawHeaders[at + 1] ?? ''
    const values = headers.get(name)
    if (values === undefined) headers.set(name, [value])
    else values.push(value)
  }
  return headers
}

/**
 * Trimmed, and inner runs of blanks reduced to one. `String.trim` would not do: it also takes U+00A0, which here may be
 * the second byte of a UTF-8 `à`. Folding before trimming keeps the time linear.
 */
const foldBlanks = (value: string): string => value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')

/** Of repeated headers the first counts, except in the canonical request, which joins them. */
export const firstHeader = (headers: WireHeaders, name: string): string | undefined => {
  const value = headers.get(name)?.[0]
  return value === undefined ? undefined : foldBlanks(value)
}

/** A header that is signed but absent counts as empty, so that it simply does not match. */
export const canonicalHeaderValue = (headers: WireHeaders, name: string): string =>
  (headers.get(name) ?? []).map(foldBlanks).join(',')

/** The parts of a canonical request, each already in canonical form; all are byte strings. */
export interface CanonicalRequest {
  readonly method: string
  readonly path: string
  readonly query: string
  /** Sorted by name. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** As the signer wrote the list. */
  readonly signedHeaders: string
  readonly hashedPayload: string
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request */
export const writeCanonicalRequest = (request: CanonicalRequest): string => `\
${request.method}
${request.path}
${request.query}
${request.headers.map(([name, value]) => `${name}:${value}\n`).join('')}
${request.signedHeaders}
${request.hashedPayload}`

export const hashPayload = (body: Uint8Array): string => hash('sha256', body, 'hex')

export const hashByteString = (bytes: string): string => hash('sha256', Buffer.from(bytes, 'latin1'), 'hex')
