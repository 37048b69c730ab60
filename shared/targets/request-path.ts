import { uriEncode } from '../signing/index.ts'

/** The segments of a path, decoded: `/a%20b/` is `['a b', '']`, and `/` is `['']`. */
export type PathSegments = readonly string[]

const longest = 2_048

/**
 * The one reading of a path, or words on why there is more than one. Whatever a server further on may decode twice, resolve,
 * cut off or take for a separator is refused and not repaired: what is compared has to be what is asked for.
 */
export const parsePath = (text: string): PathSegments | { readonly fault: string } => {
  if (!text.startsWith('/')) return { fault: 'it must begin with a slash' }
  if (text.length > longest) return { fault: `it has ${text.length} characters, of ${longest} at most` }
  if (/[?#]/.test(text)) return { fault: 'a query has a member of its own, and a fragment is never sent' }
  // RFC 3986, section 3.3, without the semicolon, from which some servers ignore the rest of a segment.
  if (!/^(?:[\w.~!$&'()*+,=:@/-]|%[0-9A-Fa-f]{2})*$/.test(text)) {
    return { fault: "all but letters, digits and -._~!$&'()*+,=:@/ must be percent-encoded" }
  }
  let segments: string[]
  try {
    segments = text.slice(1).split('/').map(decodeURIComponent)
  } catch {
    return { fault: 'what is percent-encoded is not UTF-8' }
  }
  const last = segments.length - 1
  for (const [index, segment] of segments.entries()) {
    if (segment === '' && index < last) return { fault: 'two slashes follow each other' }
    const fault = segmentFault(segment)
    if (fault !== undefined) return { fault }
  }
  return segments
}

/** RFC 3986, section 6.2.2: as little encoded as SigV4 wants. */
export const pathText = (segments: PathSegments): string => `/${segments.map(uriEncode).join('/')}`

const segmentFault = (segment: string): string | undefined => {
  // What a server may make of it that folds full-width and other look-alikes (︓ ． ／ ﹨).
  const folded = segment.normalize('NFKC')
  if (/[/\\]/.test(folded)) return 'a slash or backslash is percent-encoded in it'
  if (folded.includes('%')) return 'a percent sign is percent-encoded in it'
  if (/[;?#]/.test(folded)) return 'a semicolon, question mark or hash is percent-encoded in it'
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Co}]/u.test(segment))
    return 'a character that cannot be seen is percent-encoded in it'
  if (/^[.\s]+$/.test(folded)) return 'a segment of it is made of dots'
  return undefined
}
