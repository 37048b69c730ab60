import type { WireRequest } from '../http.ts'
import {
  type CanonicalUri,
  canonicalUri,
  firstHeader,
  firstParameter,
  parseQueryString,
  type QueryString,
  readHeaders,
  type WireHeaders,
} from './canonical-request.ts'
import {
  authorizationComponent,
  type ClaimedSignatures,
  readClaimedSignature,
  splitAuthorizationHeader,
} from './claimed-signature.ts'
import {
  type Credential,
  readCredential,
  readImfFixdate,
  readIsoBasic,
  type Timestamp,
  terminator,
  timestampOf,
} from './string-to-sign.ts'
import type { AccessKey, VerifyingEndpoint } from './verification-result.ts'

/**
 * A request parsed for the checks: what is absent or malformed is `undefined`, and the check
 * whose business that is refuses it. Reading never throws.
 */
export interface SignedRequest<Owner = unknown> {
  readonly request: WireRequest
  readonly endpoint: VerifyingEndpoint<Owner>
  readonly now: Timestamp
  readonly headers: WireHeaders
  readonly path: CanonicalUri
  readonly query: QueryString
  readonly claimedSignature: ClaimedSignatures
  readonly timestamp: Timestamp | undefined
  readonly credential: Credential | undefined
  readonly key: AccessKey<Owner> | undefined
}

/** At the first `?`; a further one belongs to the query. */
const splitTarget = (target: string): { readonly path: string; readonly query: string } => {
  const at = target.indexOf('?')
  return at < 0 ? { path: target, query: '' } : { path: target.slice(0, at), query: target.slice(at + 1) }
}

const readTimestamp = (claims: ClaimedSignatures): Timestamp | undefined => {
  if (typeof claims === 'string' || claims.date === undefined) return undefined
  return readIsoBasic(claims.date) ?? (claims.dateSource === 'Date' ? readImfFixdate(claims.date) : undefined)
}

export const readSignedRequest = <Owner>(
  request: WireRequest,
  endpoint: VerifyingEndpoint<Owner>,
): SignedRequest<Owner> => {
  const target = splitTarget(request.target)
  const headers = readHeaders(request.rawHeaders)
  const query = parseQueryString(target.query)
  const claims = readClaimedSignature(headers, query)
  const credential = typeof claims === 'string' ? undefined : readCredential(claims.credential ?? '')
  return {
    request,
    endpoint,
    now: timestampOf(endpoint.now()),
    headers,
    path: canonicalUri(target.path),
    query,
    claimedSignature: claims,
    timestamp: readTimestamp(claims),
    credential,
    key: credential && endpoint.findKey(credential.accessKeyId),
  }
}

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
      ? firstParameter(parseQueryString(splitTarget(request.target).query), 'X-Amz-Credential')
      : authorizationComponent(splitAuthorizationHeader(authorization).pieces, 'Credential')
  return credential?.split('/') ?? []
}
