import type { WireRequest } from '../http/index.ts'
import { cutTarget } from './attempt.ts'
import { cutAuthorization, pieceNamed } from './authorization-header.ts'
import { terminator } from './credential.ts'
import { firstParameter, readQuery } from './query-string.ts'
import { firstHeader, readHeaders } from './wire-headers.ts'

/**
 * The service named in the credential scope of either form, for telling services apart on one port; `undefined` where
 * none can be read. It believes the request, so it may choose who verifies and nothing else. A scope without a region
 * (SigV4a) is read too, so that its own service refuses it.
 */
export const signedService = (request: WireRequest): string | undefined => {
  const parts = scopeParts(request)
  const service = parts.at(-1) === terminator && parts.length >= 4 ? parts.at(-2) : parts.length === 5 ? parts[3] : ''
  return service || undefined
}

/** The region in the scope, likewise. */
export const signedRegion = (request: WireRequest): string | undefined => {
  const parts = scopeParts(request)
  return (parts.length === 5 && parts[2]) || undefined
}

const scopeParts = (request: WireRequest): readonly string[] => {
  const authorization = firstHeader(readHeaders(request.rawHeaders), 'authorization')
  const credential =
    authorization === undefined
      ? firstParameter(readQuery(cutTarget(request.target).query), 'X-Amz-Credential')
      : pieceNamed(cutAuthorization(authorization).pieces, 'Credential')
  return credential?.split('/') ?? []
}
