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
