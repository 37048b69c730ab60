import type { Attempt } from './attempt.ts'
import type { CanonicalRequest } from './canonical-request.ts'
import { quoted } from './check.ts'
import type { Claim } from './claim.ts'
import { namesOf } from './claim-checks.ts'
import { canonicalHeaderValue, firstHeader } from './wire-headers.ts'

/** A usual slip, as the signature it would have made: another canonical request, or another secret. */
export interface Slip {
  readonly says: string
  readonly document?: Partial<CanonicalRequest>
  readonly secret?: string
}

const hashOfEmptyBody = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const withHost = (document: CanonicalRequest, host: string): Partial<CanonicalRequest> => ({
  headers: document.headers.map(([name, value]) => [name, name === 'host' ? host : value] as const),
})

/**
 * What signers and those between get wrong, for asking of each: would the signature have been right? A hit is a proof,
 * since no other slip makes the same signature; no hit ever lets a request in.
 */
export const slips = (
  { request, headers }: Attempt,
  claim: Claim,
  document: CanonicalRequest,
  secret: string,
): Slip[] => {
  const [rawPath = ''] = request.target.split('?')
  const host = firstHeader(headers, 'host') ?? ''
  const hostname = host.replace(/:\d+$/, '')
  const hosts = [hostname, `${hostname}:443`, `${hostname}:80`, firstHeader(headers, 'x-forwarded-host') ?? host]
  const claimedHash = firstHeader(headers, 'x-amz-content-sha256')
  return [
    ...(claimedHash === undefined
      ? []
      : [
          {
            says:
              claimedHash === 'UNSIGNED-PAYLOAD'
                ? 'The signer put UNSIGNED-PAYLOAD for the hash of the body; S3 alone takes that.'
                : 'It is right for the body that x-amz-content-sha256 tells of: the body was changed after signing.',
            document: { bodyHash: claimedHash },
          },
        ]),
    {
      says: 'It is right for an empty body: the body was added after signing.',
      document: { bodyHash: hashOfEmptyBody },
    },
    {
      says: 'The signer put UNSIGNED-PAYLOAD for the hash of the body; S3 alone takes that.',
      document: { bodyHash: 'UNSIGNED-PAYLOAD' },
    },
    {
      says: 'The signer took the path as it stands, as for S3; every other service has it normalised and encoded once more.',
      document: { path: rawPath },
    },
    ...[`${document.path}/`, document.path.replace(/\/$/, '')].map((path) => ({
      says: 'The path was signed with its last slash there and sent without, or the other way round.',
      document: { path },
    })),
    {
      says: 'The signer took + in the query for a plus sign; it is read as a blank, a plus sign is sent as %2B.',
      document: { query: document.query.replaceAll('%20', '%2B') },
    },
    {
      says: 'The signer left + in the query as it was; it is read as a blank and signed as %20.',
      document: { query: document.query.replaceAll('%20', '+') },
    },
    { says: 'It is right without the query: the query was added after signing.', document: { query: '' } },
    ...hosts.map((signed) => ({
      says: `It is right for the host ${quoted(signed)}; the request came with ${quoted(host)}.`,
      document: withHost(document, signed),
    })),
    ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
      says: `It is right for the method ${method}; the request came as ${request.method}. Was it redirected?`,
      document: { method },
    })),
    {
      says: 'The signer did not sort the headers; canonical headers are in the order of their names.',
      document: { headers: namesOf(claim).map((name) => [name, canonicalHeaderValue(headers, name)] as const) },
    },
    ...[`"${secret}"`, `'${secret}'`].map((inQuotes) => ({
      says: 'The signer’s secret has quotes around it, as jq prints it without -r.',
      secret: inQuotes,
    })),
    ...[`${secret}\n`, `${secret}\r`, `${secret}\r\n`, `${secret} `, ` ${secret}`].map((padded) => ({
      says: 'The signer’s secret has a blank or a line end before or after it.',
      secret: padded,
    })),
    { says: 'The signer’s secret is empty.', secret: '' },
  ]
}
