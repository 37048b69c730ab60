import { isIP } from 'node:net'
import { encodePath, parseTargetPath } from './target-path.ts'

/**
 * Why a text is not a valid target URL, and what to write instead; undefined if it is valid: scheme, host, port and an
 * optional base path. The resolved address is checked for each call.
 */
export const targetUrlFault = (text: string, allowPrivate: boolean): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url) return `this is not a URL: ${expectedUrl}`
  const { protocol, hostname } = url
  if (url.username !== '' || url.password !== '')
    return `the URL must not contain a user name or password: ${expectedUrl}`
  if (protocol !== 'https:' && !(allowPrivate && protocol === 'http:')) {
    return `signed requests need https: ${expectedUrl}`
  }
  if (url.search !== '' || url.hash !== '') return `the URL must not contain a query or fragment: ${expectedUrl}`
  const path = url.pathname === '/' ? undefined : parseTargetPath(url.pathname)
  if (path && 'fault' in path) return `its path cannot be a base path, ${path.fault}: ${expectedUrl}`
  // Canonical form only, so that the access map shows the called URL.
  const canonicalUrl = `${url.origin}${path ? encodePath(path) : ''}`
  if (path?.at(-1) === '') return `the URL must not end with a slash: write ${canonicalUrl.slice(0, -1)}`
  if (text !== canonicalUrl) return `this is not the canonical form of the URL: write ${canonicalUrl}`
  if (allowPrivate) return undefined
  const isIpAddress = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
  if (isIpAddress) return 'an IP address has no certificate name: write the host name, or add allowPrivate: true'
  if (privateHostName.test(hostname)) return `${hostname} is a private host name: add allowPrivate: true`
  return hostname.split('.').every((label) => hostLabel.test(label))
    ? undefined
    : `this is not a host name: ${expectedUrl}`
}

const expectedUrl = 'write the host of the target, such as https://abc123.execute-api.eu-central-1.amazonaws.com'

/** https://www.iana.org/assignments/special-use-domain-names; `internal` is ICANN's for private networks, and clouds' for metadata. */
const privateHostName = /^[^.]*$|\.(localhost|local|internal|home\.arpa|invalid|test|onion)$/

/** RFC 1123, section 2.1. */
const hostLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
