import { escapeFault, percentEncode } from './percent-encoding.ts'

export type CanonicalPath = { readonly text: string } | { readonly fault: string }

/**
 * The path of the request line in canonical form: doubled slashes and dot segments gone, a trailing slash kept, and
 * every segment encoded once more than it was on the wire. (S3 alone does neither; this verifier does not speak S3.)
 */
export const canonicalPath = (path: string): CanonicalPath => {
  const escapes = escapeFault(path)
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
