import type { WireRequest } from '../http/index.ts'
import { type CanonicalPath, canonicalPath } from './canonical-path.ts'
import { type Claims, readClaims } from './claim.ts'
import { type Credential, readCredential } from './credential.ts'
import { type QueryString, readQuery } from './query-string.ts'
import { readImfFixdate, readIsoBasic, type Timestamp, timestampOf } from './timestamp.ts'
import type { AccessKey, VerifyingEndpoint } from './types.ts'
import { readHeaders, type WireHeaders } from './wire-headers.ts'

/**
 * A request read for the checks, as far as it can be read: what is absent or malformed is `undefined`, and the check
 * whose business that is refuses it. Reading never throws.
 */
export interface Attempt<Owner = unknown> {
  readonly request: WireRequest
  readonly endpoint: VerifyingEndpoint<Owner>
  readonly now: Timestamp
  readonly headers: WireHeaders
  readonly path: CanonicalPath
  readonly query: QueryString
  readonly claims: Claims
  readonly timestamp: Timestamp | undefined
  readonly credential: Credential | undefined
  readonly key: AccessKey<Owner> | undefined
}

/** At the first `?`; a further one belongs to the query. */
export const cutTarget = (target: string): { readonly path: string; readonly query: string } => {
  const at = target.indexOf('?')
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) }
}

const readTimestamp = (claims: Claims): Timestamp | undefined => {
  if (typeof claims === 'string' || claims.date === undefined) return undefined
  return readIsoBasic(claims.date) ?? (claims.dateFrom === 'Date' ? readImfFixdate(claims.date) : undefined)
}

export const readAttempt = <Owner>(request: WireRequest, endpoint: VerifyingEndpoint<Owner>): Attempt<Owner> => {
  const target = cutTarget(request.target)
  const headers = readHeaders(request.rawHeaders)
  const query = readQuery(target.query)
  const claims = readClaims(headers, query)
  const credential = typeof claims === 'string' ? undefined : readCredential(claims.credential ?? '')
  return {
    request,
    endpoint,
    now: timestampOf(endpoint.now()),
    headers,
    path: canonicalPath(target.path),
    query,
    claims,
    timestamp: readTimestamp(claims),
    credential,
    key: credential && endpoint.findKey(credential.accessKeyId),
  }
}
