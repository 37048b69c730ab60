import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { parseJson } from '../../shared/http/index.ts'
import { isShown } from './header-rules.ts'
import { withoutSecrets } from './secrets.ts'

/** The target's unmodified HTTP response. */
export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** The response for the caller: every status of the target is data. */
export interface TargetAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** A JSON value for a JSON content type, a string for UTF-8, otherwise base64. */
  readonly body: unknown
  readonly isBase64Encoded?: true
}

export const targetAnswer = ({ status, headers, body }: RawAnswer, secrets: readonly string[]): TargetAnswer => ({
  status,
  headers: shownHeaders(headers, secrets),
  ...shownBody(withoutSecrets(body, secrets), headers),
})

const shownHeaders = (headers: IncomingHttpHeaders, secrets: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined || !isShown(name)) return []
      // Node decodes headers as Latin-1.
      return [[name, withoutSecrets(Buffer.from(String(value), 'latin1'), secrets).toString('latin1')]]
    }),
  )

const shownBody = (body: Buffer, headers: IncomingHttpHeaders): Pick<TargetAnswer, 'body' | 'isBase64Encoded'> => {
  const encoded = (headers['content-encoding'] ?? 'identity') !== 'identity'
  if (encoded || !isUtf8(body)) return { body: body.toString('base64'), isBase64Encoded: true }
  const text = body.toString()
  return { body: isJson(headers['content-type']) ? jsonValue(text) : text }
}

/** RFC 6839, section 3.1. */
const isJson = (contentType = ''): boolean => /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType)

const deepest = 1_000

/** Parses JSON with all digits of its numbers. Invalid or too deeply nested JSON stays text. */
const jsonValue = (text: string): unknown => {
  if (depthOf(text) > deepest) return text
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

/** An upper bound of the nesting depth: brackets in strings count too. */
const depthOf = (text: string): number => {
  let depth = 0
  let most = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    if (depth > most) most = depth
  }
  return most
}
