import type { Attempt } from './attempt.ts'
import { type CanonicalRequest, hashOfBody, writeCanonicalRequest } from './canonical-request.ts'
import type { Refused } from './check.ts'
import type { Claim } from './claim.ts'
import { namesOf } from './claim-checks.ts'
import { explainMismatch } from './mismatch.ts'
import { withoutSignature } from './presigned-query.ts'
import { canonicalQuery } from './query-string.ts'
import { createSigningKeys, isSameSignature, signature } from './signing-key.ts'
import { stringToSign } from './string-to-sign.ts'
import { canonicalHeaderValue } from './wire-headers.ts'
import { words } from './words.ts'

/** The request as its signer should have seen it. The body's hash is of the bytes received, whatever a header says. */
export const canonicalise = ({ request, headers, path, query }: Attempt, claim: Claim): CanonicalRequest => ({
  method: request.method,
  path: 'text' in path ? path.text : '',
  query: canonicalQuery(claim.form === 'query' ? withoutSignature(query.parameters) : query.parameters),
  headers: [...namesOf(claim)].sort().map((name) => [name, canonicalHeaderValue(headers, name)] as const),
  signedHeaders: claim.signedHeaders ?? '',
  bodyHash: hashOfBody(request.body),
})

const signingKeys = createSigningKeys(256)

const asText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString()

/** Fails closed: a part that is not there cannot have been signed. */
export const signatureMismatch = (attempt: Attempt, claim: Claim): Refused | undefined => {
  const { credential, key, timestamp } = attempt
  const document = canonicalise(attempt, claim)
  const canonicalRequest = writeCanonicalRequest(document)
  const toSign = stringToSign({
    date: timestamp?.text ?? '',
    credential: credential ?? { day: '', region: '', service: '', terminator: '' },
    canonicalRequest,
  })
  if (credential !== undefined && key !== undefined && timestamp !== undefined && claim.signature !== undefined) {
    const ours = signature(signingKeys(key.secretAccessKey, credential), toSign)
    if (isSameSignature(ours, claim.signature)) return undefined
  }
  return {
    code: 'SignatureDoesNotMatch',
    message: words.signatureMismatch,
    explanation: explainMismatch(attempt, claim, document),
    canonicalRequest: asText(canonicalRequest),
    stringToSign: asText(toSign),
  }
}
