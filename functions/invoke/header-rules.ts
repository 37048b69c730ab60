/** Header names by purpose, in lower case. Underscores count as hyphens, because some servers treat them alike. */
const connectionHeaders =
  /^(connection|keep-alive|te|trailer|transfer-encoding|upgrade|expect|host|content-length|accept-encoding|http2-settings|proxy-(?!auth).*)$/

const credentialHeaders =
  /(^|-)(authorization|authenticate|authentication-info|cookie2?|secrets?|passwords?|credentials?|signature|api-?key|jwt|(auth|access|session|security|csrf|xsrf|refresh|id|bearer)-token)(-|$)/

/** Headers that SigV4 uses, and headers that select an operation in addition to the path. */
const signatureHeaders = /^(x-amz-.*|x-amzn-.*|date)$/

/** Headers that override the client address, method or path of the request. */
const requestOverrideHeaders =
  /^(forwarded|x-forwarded-.*|x-real-ip|x-client-ip|true-client-ip|via|x-http-method.*|x-method-override|x-original-.*|x-rewrite-.*)$/

/** Why a caller's header must not be sent to a target; undefined if it is allowed. */
export const headerRejectionReason = (name: string): string | undefined => {
  const normalized = name.toLowerCase().replaceAll('_', '-')
  if (connectionHeaders.test(normalized)) return 'it belongs to the connection'
  if (credentialHeaders.test(normalized)) return 'it contains credentials, and the service signs with its own'
  if (signatureHeaders.test(normalized)) return 'it belongs to the signature'
  return requestOverrideHeaders.test(normalized) ? 'it overrides the address, method or path of the request' : undefined
}

/** Whether the caller gets this header of the target's response. */
export const isVisibleHeader = (name: string): boolean => !connectionHeaders.test(name) && !credentialHeaders.test(name)
