/**
 * Bytes are held as strings of one character a byte (U+0000 to U+00FF), the form in which Node hands over targets and
 * headers. Decoding them as text any earlier would lose what was signed.
 */
export const isByteString = (text: string): boolean => !/[\u0100-\uffff]/.test(text)

/** Everything but the unreserved characters of RFC 3986, section 2.3, as `%XX` with upper-case digits. */
export const percentEncode = (bytes: string): string =>
  bytes.replace(/[^A-Za-z0-9\-._~]/g, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

/** Leaves a malformed escape as it stands; `escapeFault` tells of it. */
export const percentDecode = (encoded: string): string =>
  encoded.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))

/** The first malformed escape, in AWS's words. */
export const escapeFault = (encoded: string): string | undefined => {
  const at = encoded.search(/%(?![0-9A-Fa-f]{2})/)
  if (at < 0) return undefined
  const digits = encoded.slice(at + 1, at + 3)
  return digits.length < 2
    ? 'Incomplete trailing escape % sequence'
    : `Illegal hex character in escape % pattern: %${digits}`
}
