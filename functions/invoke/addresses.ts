import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { ServiceError } from '../../shared/errors/index.ts'
import { type CallableTarget, isPublicAddress } from '../../shared/targets/index.ts'

export type Addresses = readonly LookupAddress[]

/** Resolves a host name to all its addresses. */
export type Resolve = (hostname: string) => Promise<Addresses>

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true })

/** Milliseconds. The system resolver has no cache, and a batch has up to ten thousand lookups. */
const keptFor = 10_000

/**
 * Resolves a target once; the connection then uses these addresses without another lookup, which prevents DNS rebinding. All
 * addresses must be public, unless the access map has `allowPrivate`.
 */
export const createAddresses = (resolve: Resolve, now: () => number) => {
  const kept = new Map<string, { readonly found: Promise<Addresses>; readonly until: number }>()

  const addressesOf = (hostname: string): Promise<Addresses> => {
    const known = kept.get(hostname)
    if (known && now() < known.until) return known.found
    const found = resolve(hostname)
    kept.set(hostname, { found, until: now() + keptFor })
    found.catch(() => kept.delete(hostname))
    return found
  }

  return async ({ url, allowPrivate }: CallableTarget): Promise<Addresses> => {
    const hostname = url.hostname.replace(/^\[|\]$/g, '')
    const family = isIP(hostname)
    const addresses = family === 0 ? await addressesOf(hostname).catch(notResolved) : [{ address: hostname, family }]
    const refused = allowPrivate ? undefined : addresses.find(({ address }) => !isPublicAddress(address))
    if (!refused) return addresses
    const cause = new Error(
      `${hostname} resolves to ${refused.address}, and the access map has no allowPrivate for it.`,
    )
    throw new ServiceError('TARGET_ADDRESS_REFUSED', { cause })
  }
}

/** https://man7.org/linux/man-pages/man3/getaddrinfo.3.html: an unknown name is permanent, all other errors are transient. */
const notResolved = (cause: unknown): never => {
  const lasts = cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND'
  throw new ServiceError(lasts ? 'TARGET_UNUSABLE' : 'TARGET_UNREACHABLE', { cause })
}
