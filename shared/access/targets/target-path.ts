import { uriEncode } from '../../aws/uri-encode.ts'

/** The segments of a path, decoded: `/a%20b/` is `['a b', '']`, and `/` is `['']`. */
export type PathSegments = readonly string[]

const maxPathLength = 2_048

/**
 * Parses a path that every server interprets in the same way, or says why it is ambiguous. Rejects everything that a server
 * may decode twice, resolve, cut off or treat as a separator: the compared path must be the requested path.
 */
export const parseTargetPath = (text: string): PathSegments | { readonly fault: string } => {
  if (!text.startsWith('/')) return { fault: 'the path must begin with a slash' }
  if (text.length > maxPathLength)
    return { fault: `the path has ${text.length} characters, and the limit is ${maxPathLength}` }
  if (/[?#]/.test(text)) return { fault: 'a query belongs in "query", and a fragment is not allowed' }
  // RFC 3986, section 3.3, without the semicolon: some servers ignore the rest of the segment after it.
  if (!/^(?:[\w.~!$&'()*+,=:@/-]|%[0-9A-Fa-f]{2})*$/.test(text)) {
    return { fault: "all characters except letters, digits and -._~!$&'()*+,=:@/ must be percent-encoded" }
  }
  let segments: string[]
  try {
    segments = text.slice(1).split('/').map(decodeURIComponent)
  } catch {
    return { fault: 'the percent-encoding is not valid UTF-8' }
  }
  const last = segments.length - 1
  for (const [index, segment] of segments.entries()) {
    if (segment === '' && index < last) return { fault: 'the path has two consecutive slashes' }
    const fault = segmentFault(segment)
    if (fault !== undefined) return { fault }
  }
  return segments
}

/** RFC 3986, section 6.2.2, with SigV4's UriEncode. */
export const encodePath = (segments: PathSegments): string => `/${segments.map(uriEncode).join('/')}`

const segmentFault = (segment: string): string | undefined => {
  // Some servers normalize full-width and similar characters (︓ ． ／ ﹨).
  const normalized = segment.normalize('NFKC')
  if (/[/\\]/.test(normalized)) return 'a percent-encoded slash or backslash is not allowed'
  if (normalized.includes('%')) return 'a percent-encoded percent sign is not allowed'
  if (/[;?#]/.test(normalized)) return 'a percent-encoded semicolon, question mark or hash is not allowed'
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Co}]/u.test(segment))
    return 'a percent-encoded invisible character is not allowed'
  if (/^[.\s]+$/.test(normalized)) return 'a segment that consists of dots is not allowed'
  return undefined
}
