/**
 * RFC 3986, section 2.3: all but letters, digits and `-._~`, which is SigV4's UriEncode. encodeURIComponent leaves five
 * more characters unencoded.
 * @throws {URIError} for half a surrogate pair
 */
export const uriEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)
