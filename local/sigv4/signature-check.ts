import { signedHeaderNames } from './authorization-checks.ts'
import {
  type CanonicalRequest,
  canonicalHeaderValue,
  canonicalQueryString,
  hashPayload,
  writeCanonicalRequest,
} from './canonical-request.ts'
import { type ClaimedSignature, queryWithoutSignature } from './claimed-signature.ts'
import { explainMismatch } from './signature-mismatch.ts'
import { type CheckRejection, signatureMessages } from './signature-rejection.ts'
import type { SignedRequest } from './signed-request.ts'
import { createSigningKeys, isSameSignature, signature } from './signing-key.ts'
import { stringToSign } from './string-to-sign.ts'

/** The request as its signer should have seen it. The body's hash is of the bytes received, whatever a header says. */
export const createCanonicalRequest = (
  { request, headers, path, query }: SignedRequest,
  claim: ClaimedSignature,
): CanonicalRequest => ({
  method: request.method,
  path: 'text' in path ? path.text : '',
  query: canonicalQueryString(claim.form === 'query' ? queryWithoutSignature(query.parameters) : query.parameters),
  headers: [...signedHeaderNames(claim)].sort().map((name) => [name, canonicalHeaderValue(headers, name)] as const),
  signedHeaders: claim.signedHeaders ?? '',
  hashedPayload: hashPayload(request.body),
})

const signingKeys = createSigningKeys(256)

const asText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()

/** Fails closed: a part that is not there cannot have been signed. */
export const signatureMismatch = (attempt: SignedRequest, claim: ClaimedSignature): CheckRejection | undefined => {
  const { credential, key, timestamp } = attempt
  const document = createCanonicalRequest(attempt, claim)
  const canonicalRequest = writeCanonicalRequest(document)
  const toSign = stringToSign({
    date: timestamp?.text ?? '',
    credential: credential ?? { day: '', region: '', service: '', terminator: '' },
    canonicalRequest,
  })
  if (credential !== undefined && key !== undefined && timestamp !== undefined && claim.signature !== undefined) {
    const expected = signature(signingKeys(key.secretAccessKey, credential), toSign)
    if (isSameSignature(expected, claim.signature)) return undefined
  }
  return {
    code: 'SignatureDoesNotMatch',
    message: signatureMessages.signatureMismatch,
    explanation: explainMismatch(attempt, claim, document),
    canonicalRequest: asText(canonicalRequest),
    stringToSign: asText(toSign),
  }
}
