/** Headers by what they are about. Names are compared in small letters, with hyphens for the underscores that some servers make of them. */
const connection =
  /^(connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|host|content-length|accept-encoding|http2-settings|proxy-(?!auth).*)$/

const credentials =
  /(^|-)(authorization|authenticate|authentication-info|cookie2?|secrets?|passwords?|credentials?|signature|api-?key|jwt|(auth|access|session|security|csrf|xsrf|refresh|id|bearer)-token)(-|$)/

/** What SigV4 reads or writes, and what names an operation past the path. */
const signed = /^(x-amz-.*|x-amzn-.*|date)$/

/** What makes a server take this request for another one: from elsewhere, by another method, of another path. */
const disguise =
  /^(forwarded|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|via|x-http-method.*|x-method-override|x-original-.*|x-rewrite-.*)$/

/** Why a caller's header is not sent to a target; undefined when it is. */
export const unsentBecause = (name: string): string | undefined => {
  const plain = name.toLowerCase().replaceAll('_', '-')
  if (connection.test(plain)) return 'it belongs to the connection'
  if (credentials.test(plain)) return 'it carries credentials, and the service signs with its own'
  if (signed.test(plain)) return 'it belongs to the signature'
  return disguise.test(plain) ? 'it makes another request of this one' : undefined
}

/** Whether a target's header is for the caller to see. */
export const isShown = (name: string): boolean => !connection.test(name) && !credentials.test(name)
