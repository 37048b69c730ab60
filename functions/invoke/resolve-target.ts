import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type CallableTarget, isPublicAddress } from '../../shared/access/targets/index.ts'
import { ServiceError } from '../../shared/errors/service-error.ts'

export type ResolvedAddresses = readonly LookupAddress[]

/** Resolves a host name to all its addresses. */
export type ResolveHostname = (hostname: string) => Promise<ResolvedAddresses>

export const resolveHostname: ResolveHostname = (hostname) => lookup(hostname, { all: true })

/** Milliseconds. The system resolver has no cache, and a batch has up to ten thousand lookups. */
const cacheDurationMs = 10_000

/**
 * Resolves a target once; the connection then uses these addresses without another lookup, which prevents DNS rebinding. All
 * addresses must be public, unless the access map has `allowPrivate`.
 */
export const createTargetResolver = (resolve: ResolveHostname, now: () => number) => {
  const cache = new Map<string, { readonly found: Promise<ResolvedAddresses>; readonly until: number }>()

  const lookUp = (hostname: string): Promise<ResolvedAddresses> => {
    const cached = cache.get(hostname)
    if (cached && now() < cached.until) return cached.found
    const found = resolve(hostname)
    cache.set(hostname, { found, until: now() + cacheDurationMs })
    found.catch(() => cache.delete(hostname))
    return found
  }

  return async ({ url, allowPrivate }: CallableTarget): Promise<ResolvedAddresses> => {
    const hostname = url.hostname.replace(/^\[|\]$/g, '')
    const family = isIP(hostname)
    const addresses = family === 0 ? await lookUp(hostname).catch(throwUnresolved) : [{ address: hostname, family }]
    const privateAddress = allowPrivate ? undefined : addresses.find(({ address }) => !isPublicAddress(address))
    if (!privateAddress) return addresses
    const cause = new Error(
      `${hostname} resolves to ${privateAddress.address}, and the access map has no allowPrivate for it.`,
    )
    throw new ServiceError('TARGET_ADDRESS_REFUSED', { cause })
  }
}

/** https://man7.org/linux/man-pages/man3/getaddrinfo.3.html: an unknown name is permanent, all other errors are transient. */
const throwUnresolved = (cause: unknown): never => {
  const isPermanent = cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND'
  throw new ServiceError(isPermanent ? 'TARGET_UNUSABLE' : 'TARGET_UNREACHABLE', { cause })
}
