import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { parseJson } from '../../shared/http/index.ts'
import { isVisibleHeader } from './header-rules.ts'

/** The target's unmodified HTTP response. */
export interface RawTargetResponse {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The response for the caller: every status of the target is data. */
interface TargetResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A JSON value for a JSON content type, a string for UTF-8, otherwise base64. */
  readonly body: unknown
  readonly isBase64Encoded?: true
}

export const toTargetResponse = (
  { status, headers, body }: RawTargetResponse,
  secrets: readonly string[],
): TargetResponse => ({
  status,
  headers: visibleHeaders(headers, secrets),
  ...visibleBody(maskSecrets(body, secrets), headers),
})

const visibleHeaders = (headers: IncomingHttpHeaders, secrets: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined || !isVisibleHeader(name)) return []
      // Node decodes headers as Latin-1.
      return [[name, maskSecrets(Buffer.from(String(value), 'latin1'), secrets).toString('latin1')]]
    }),
  )

const visibleBody = (body: Buffer, headers: IncomingHttpHeaders): Pick<TargetResponse, 'body' | 'isBase64Encoded'> => {
  const encoded = (headers['content-encoding'] ?? 'identity') !== 'identity'
  if (encoded || !isUtf8(body)) return { body: body.toString('base64'), isBase64Encoded: true }
  const text = body.toString()
  return { body: isJson(headers['content-type']) ? jsonValue(text) : text }
}

/** RFC 6839, section 3.1. */
const isJson = (contentType = ''): boolean => /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType)

const maxDepth = 1_000

/** Parses JSON with all digits of its numbers. Invalid or too deeply nested JSON stays text. */
const jsonValue = (text: string): unknown => {
  if (nestingDepth(text) > maxDepth) return text
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

/** An upper bound of the nesting depth: brackets in strings count too. */
const nestingDepth = (text: string): number => {
  let depth = 0
  let maximum = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    if (depth > maximum) maximum = depth
  }
  return maximum
}

/** Shorter runs may occur by chance. */
const minRunLength = 12

const mask = '***'

/**
 * Masks secrets in bytes, including their alphanumeric runs, because a target may escape the other characters. A target may
 * echo the signed request, such as AWS's error for a signature mismatch, and the caller must not see it.
 */
const maskSecrets = (bytes: Buffer, secrets: readonly string[]): Buffer => {
  const runs = secrets.flatMap((secret) => secret.split(/[^A-Za-z0-9]+/)).filter(({ length }) => length >= minRunLength)
  // Longest first: a run may be part of another.
  const candidates = [...secrets.filter(({ length }) => length > 0), ...runs].sort(
    (one, other) => other.length - one.length,
  )
  const present = candidates.filter((mark) => bytes.includes(mark, 0, 'latin1'))
  if (present.length === 0) return bytes
  const text = present.reduce((rest, mark) => rest.replaceAll(mark, mask), bytes.toString('latin1'))
  return Buffer.from(text, 'latin1')
}
