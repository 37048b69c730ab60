import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { Credential } from './string-to-sign.ts'

export type Scope = Pick<Credential, 'day' | 'region' | 'service' | 'terminator'>

/** Keys are key objects because a raw one costs Node ten times the HMAC itself to take in, at every use. */
const hmac = (key: KeyObject, data: string) => createHmac('sha256', key).update(data, 'latin1')
const nextKey = (key: KeyObject, data: string): KeyObject => createSecretKey(hmac(key, data).digest())

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#derive-signing-key */
export const signingKey = (secretAccessKey: string, scope: Scope): KeyObject =>
  [scope.day, scope.region, scope.service, scope.terminator].reduce(
    nextKey,
    createSecretKey(Buffer.from(`AWS4${secretAccessKey}`)),
  )

/** Lower-case hexadecimal. */
export const signature = (key: KeyObject, stringToSign: string): string => hmac(key, stringToSign).digest('hex')

/**
 * Signing keys by everything they depend on. A key serves one day in one scope, so the oldest may go when it is full.
 * Verification derives a key only for a known access key in the endpoint's own scope: callers cannot crowd it.
 */
export const createSigningKeys = (capacity: number): typeof signingKey => {
  const cache = new Map<string, KeyObject>()
  return (secretAccessKey, scope) => {
    const cacheKey = [secretAccessKey, scope.day, scope.region, scope.service, scope.terminator].join('\n')
    const cached = cache.get(cacheKey)
    if (cached !== undefined) return cached
    const derived = signingKey(secretAccessKey, scope)
    const oldest = cache.size >= capacity ? cache.keys().next().value : undefined
    if (oldest !== undefined) cache.delete(oldest)
    cache.set(cacheKey, derived)
    return derived
  }
}

/** In constant time for equal lengths; the length of a signature is no secret. */
export const isSameSignature = (expected: string, actual: string): boolean => {
  const [a, b] = [Buffer.from(expected), Buffer.from(actual)]
  return a.length === b.length && timingSafeEqual(a, b)
}
