import { signedHeaderNames } from './authorization-checks.ts'
import { type CanonicalRequest, canonicalHeaderValue, firstHeader, writeCanonicalRequest } from './canonical-request.ts'
import type { ClaimedSignature } from './claimed-signature.ts'
import { quoteForLog } from './signature-rejection.ts'
import type { SignedRequest } from './signed-request.ts'
import { createSigningKeys, isSameSignature, signature } from './signing-key.ts'
import { stringToSign } from './string-to-sign.ts'

/** A usual slip, as the signature it would have made: another canonical request, or another secret. */
interface SigningMistake {
  readonly message: string
  readonly changes?: Partial<CanonicalRequest>
  readonly secret?: string
}

const hashOfEmptyPayload = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

const withHost = (document: CanonicalRequest, host: string): Partial<CanonicalRequest> => ({
  headers: document.headers.map(([name, value]) => [name, name === 'host' ? host : value] as const),
})

/**
 * What signers and those between get wrong, for asking of each: would the signature have been right? A hit is a proof,
 * since no other slip makes the same signature; no hit ever lets a request in.
 */
const signingMistakes = (
  { request, headers }: SignedRequest,
  claim: ClaimedSignature,
  document: CanonicalRequest,
  secret: string,
): SigningMistake[] => {
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
            message:
              claimedHash === 'UNSIGNED-PAYLOAD'
                ? 'The signer put UNSIGNED-PAYLOAD for the hash of the body; S3 alone takes that.'
                : 'It is right for the body that x-amz-content-sha256 tells of: the body was changed after signing.',
            changes: { hashedPayload: claimedHash },
          },
        ]),
    {
      message: 'It is right for an empty body: the body was added after signing.',
      changes: { hashedPayload: hashOfEmptyPayload },
    },
    {
      message: 'The signer put UNSIGNED-PAYLOAD for the hash of the body; S3 alone takes that.',
      changes: { hashedPayload: 'UNSIGNED-PAYLOAD' },
    },
    {
      message:
        'The signer took the path as it stands, as for S3; every other service has it normalised and encoded once more.',
      changes: { path: rawPath },
    },
    ...[`${document.path}/`, document.path.replace(/\/$/, '')].map((path) => ({
      message: 'The path was signed with its last slash there and sent without, or the other way round.',
      changes: { path },
    })),
    {
      message: 'The signer took + in the query for a plus sign; it is read as a blank, a plus sign is sent as %2B.',
      changes: { query: document.query.replaceAll('%20', '%2B') },
    },
    {
      message: 'The signer left + in the query as it was; it is read as a blank and signed as %20.',
      changes: { query: document.query.replaceAll('%20', '+') },
    },
    { message: 'It is right without the query: the query was added after signing.', changes: { query: '' } },
    ...hosts.map((signed) => ({
      message: `It is right for the host ${quoteForLog(signed)}; the request came with ${quoteForLog(host)}.`,
      changes: withHost(document, signed),
    })),
    ...['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
      message: `It is right for the method ${method}; the request came as ${request.method}. Was it redirected?`,
      changes: { method },
    })),
    {
      message: 'The signer did not sort the headers; canonical headers are in the order of their names.',
      changes: {
        headers: signedHeaderNames(claim).map((name) => [name, canonicalHeaderValue(headers, name)] as const),
      },
    },
    ...[`"${secret}"`, `'${secret}'`].map((inQuotes) => ({
      message: 'The signer’s secret has quotes around it, as jq prints it without -r.',
      secret: inQuotes,
    })),
    ...[`${secret}\n`, `${secret}\r`, `${secret}\r\n`, `${secret} `, ` ${secret}`].map((padded) => ({
      message: 'The signer’s secret has a blank or a line end before or after it.',
      secret: padded,
    })),
    { message: 'The signer’s secret is empty.', secret: '' },
  ]
}

const provenMistake = (
  attempt: SignedRequest,
  claim: ClaimedSignature,
  document: CanonicalRequest,
): SigningMistake | undefined => {
  const { credential, key, timestamp } = attempt
  if (credential === undefined || key === undefined || timestamp === undefined) return undefined
  const signingKeys = createSigningKeys(1)
  const tried = new Set([writeCanonicalRequest(document)])
  const explainsSignature = ({ changes, secret = key.secretAccessKey }: SigningMistake): boolean => {
    const canonicalRequest = writeCanonicalRequest({ ...document, ...changes })
    if (changes !== undefined && tried.has(canonicalRequest)) return false
    tried.add(canonicalRequest)
    const toSign = stringToSign({ date: timestamp.text, credential, canonicalRequest })
    return isSameSignature(signature(signingKeys(secret, credential), toSign), claim.signature ?? '')
  }
  return signingMistakes(attempt, claim, document, key.secretAccessKey).find(explainsSignature)
}

/** What stands out without computing anything. */
const observations = (
  { headers }: SignedRequest,
  claim: ClaimedSignature,
  document: CanonicalRequest,
): readonly string[] => {
  const claimedHash = firstHeader(headers, 'x-amz-content-sha256')
  const absent = document.headers.map(([name]) => name).filter((name) => !headers.has(name))
  return [
    ...(claimedHash !== undefined && /^[0-9a-f]{64}$/.test(claimedHash) && claimedHash !== document.hashedPayload
      ? [`The body received hashes to ${document.hashedPayload}; x-amz-content-sha256 says ${claimedHash}.`]
      : []),
    ...(absent.length > 0
      ? [`Signed but not in the request: ${absent.map(quoteForLog).join(', ')}. Did a proxy drop it?`]
      : []),
    ...(/^[0-9a-f]{64}$/.test(claim.signature ?? '')
      ? []
      : ['The signature sent is not 64 lower-case hexadecimal digits.']),
  ]
}

export const explainMismatch = (
  attempt: SignedRequest,
  claim: ClaimedSignature,
  document: CanonicalRequest,
): readonly string[] => {
  const mistake = provenMistake(attempt, claim, document)
  return [
    `The access key ${attempt.key?.accessKeyId ?? ''} is known and intact; date and scope are right; the signature is not.`,
    ...observations(attempt, claim, document),
    mistake?.message ??
      'No usual slip makes this signature: the secret is another one, or something signed was changed on the way (body, path, query, or one of the signed headers).',
    'The canonical request computed here goes back to the caller; held against the signer’s own, line by line, it shows the difference.',
  ]
}
