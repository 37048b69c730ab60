import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders } from 'node:http'
import { parseJson } from '../../shared/http/index.ts'
import { isShown } from './header-rules.ts'
import { withoutSecrets } from './secrets.ts'

/** What came back, as it was on the wire. */
export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** What the caller gets: every status of the target is data. */
export interface TargetAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The value where the target says it is JSON, the text where it is UTF-8, base64 otherwise. */
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
      // Node reads headers as Latin-1.
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

/** The value, its numbers with all their digits; what says that it is JSON and is not, or could not be written again, is text. */
const jsonValue = (text: string): unknown => {
  if (depthOf(text) > deepest) return text
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

/** At most how deep lists and objects lie in each other: brackets within strings count as well. */
const depthOf = (text: string): number => {
  let depth = 0
  let most = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    if (depth > most) most = depth
  }
  return most
}
