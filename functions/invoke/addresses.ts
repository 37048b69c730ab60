import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { ServiceError } from '../../shared/errors/index.ts'
import { type CallableTarget, isPublicAddress } from '../../shared/targets/index.ts'

export type Addresses = readonly LookupAddress[]

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<Addresses>

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true })

/** Milliseconds. The resolver of the system keeps nothing, and a batch asks ten thousand times. */
const keptFor = 10_000

/**
 * The addresses of a target, which are then connected to and not asked for again: a name that leads to another place a moment
 * later leads nowhere. All of them must be public, unless the map says otherwise.
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
    const cause = new Error(`${hostname} resolves to ${refused.address}, and the trust map has no allowPrivate for it.`)
    throw new ServiceError('TARGET_ADDRESS_REFUSED', { cause })
  }
}

/** https://man7.org/linux/man-pages/man3/getaddrinfo.3.html: a name that is not there lasts, and the rest passes. */
const notResolved = (cause: unknown): never => {
  const lasts = cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND'
  throw new ServiceError(lasts ? 'TARGET_UNUSABLE' : 'TARGET_UNREACHABLE', { cause })
}
