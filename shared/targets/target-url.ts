import { isIP } from 'node:net'
import { parsePath, pathText } from './request-path.ts'

/**
 * Why a text is no address of a target, and what to write instead; undefined when it is one: scheme, name, port and, where the
 * target lies below one, a path. What its name resolves to is seen when it is called.
 */
export const targetUrlFault = (text: string, allowPrivate: boolean): string | undefined => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url) return `this is no URL: ${instead}`
  const { protocol, hostname } = url
  if (url.username !== '' || url.password !== '') return `a user name or password stands in it: ${instead}`
  if (protocol !== 'https:' && !(allowPrivate && protocol === 'http:')) {
    return `signed requests carry credentials and go over https: ${instead}`
  }
  if (url.search !== '' || url.hash !== '') return `a query or fragment stands in it: ${instead}`
  const path = url.pathname === '/' ? undefined : parsePath(url.pathname)
  if (path && 'fault' in path) return `its path cannot stand in front of others, ${path.fault}: ${instead}`
  // One way to spell it, so that whoever reads the map reads what is called.
  const spelled = `${url.origin}${path ? pathText(path) : ''}`
  if (path?.at(-1) === '') return `a slash ends it: write ${spelled.slice(0, -1)}`
  if (text !== spelled) return `a URL would spell this otherwise: write ${spelled}`
  if (allowPrivate) return undefined
  const literal = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
  if (literal)
    return 'an address in numbers has no name to prove itself by: write the name, or allowPrivate: true beside it'
  if (privateName.test(hostname)) return `${hostname} is a name of private networks: write allowPrivate: true beside it`
  return hostname.split('.').every((label) => hostLabel.test(label)) ? undefined : `this is no host name: ${instead}`
}

const instead = 'write the host of the target, such as https://abc123.execute-api.eu-central-1.amazonaws.com'

/** https://www.iana.org/assignments/special-use-domain-names; `internal` is ICANN's for private networks, and clouds' for metadata. */
const privateName = /^[^.]*$|\.(localhost|local|internal|home\.arpa|invalid|test|onion)$/

/** RFC 1123, section 2.1. */
const hostLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
