import type { Attempt } from './attempt.ts'
import { type CanonicalRequest, writeCanonicalRequest } from './canonical-request.ts'
import { quoted } from './check.ts'
import type { Claim } from './claim.ts'
import { type Slip, slips } from './mismatch-causes.ts'
import { createSigningKeys, isSameSignature, signature } from './signing-key.ts'
import { stringToSign } from './string-to-sign.ts'
import { firstHeader } from './wire-headers.ts'

const provedSlip = (attempt: Attempt, claim: Claim, document: CanonicalRequest): Slip | undefined => {
  const { credential, key, timestamp } = attempt
  if (credential === undefined || key === undefined || timestamp === undefined) return undefined
  const signingKeys = createSigningKeys(1)
  const tried = new Set([writeCanonicalRequest(document)])
  const proves = ({ document: other, secret = key.secretAccessKey }: Slip): boolean => {
    const canonicalRequest = writeCanonicalRequest({ ...document, ...other })
    if (other !== undefined && tried.has(canonicalRequest)) return false
    tried.add(canonicalRequest)
    const toSign = stringToSign({ date: timestamp.text, credential, canonicalRequest })
    return isSameSignature(signature(signingKeys(secret, credential), toSign), claim.signature ?? '')
  }
  return slips(attempt, claim, document, key.secretAccessKey).find(proves)
}

/** What stands out without computing anything. */
const remarks = ({ headers }: Attempt, claim: Claim, document: CanonicalRequest): readonly string[] => {
  const claimedHash = firstHeader(headers, 'x-amz-content-sha256')
  const absent = document.headers.map(([name]) => name).filter((name) => !headers.has(name))
  return [
    ...(claimedHash !== undefined && /^[0-9a-f]{64}$/.test(claimedHash) && claimedHash !== document.bodyHash
      ? [`The body received hashes to ${document.bodyHash}; x-amz-content-sha256 says ${claimedHash}.`]
      : []),
    ...(absent.length > 0
      ? [`Signed but not in the request: ${absent.map(quoted).join(', ')}. Did a proxy drop it?`]
      : []),
    ...(/^[0-9a-f]{64}$/.test(claim.signature ?? '')
      ? []
      : ['The signature sent is not 64 lower-case hexadecimal digits.']),
  ]
}

export const explainMismatch = (attempt: Attempt, claim: Claim, document: CanonicalRequest): readonly string[] => {
  const slip = provedSlip(attempt, claim, document)
  return [
    `The access key ${attempt.key?.accessKeyId ?? ''} is known and intact; date and scope are right; the signature is not.`,
    ...remarks(attempt, claim, document),
    slip?.says ??
      'No usual slip makes this signature: the secret is another one, or something signed was changed on the way (body, path, query, or one of the signed headers).',
    'The canonical request computed here goes back to the caller; held against the signer’s own, line by line, it shows the difference.',
  ]
}
