import type { SignatureRefusal, SignatureRefusalCode } from '../sigv4/index.ts'
import type { QueryError } from './query-protocol.ts'

/** Measured at STS and IAM (github.com/dacut/scratchstack-aws-signature); for a missing token the documentation says 403. */
const statuses: Readonly<Record<SignatureRefusalCode, number>> = {
  MalformedRequest: 400,
  MalformedQueryString: 400,
  MissingAuthenticationToken: 403,
  IncompleteSignature: 400,
  SignatureDoesNotMatch: 403,
  InvalidClientTokenId: 403,
  ExpiredToken: 403,
}

/** A failed signature in the words of the query services. */
export const signatureError = ({ code, message }: SignatureRefusal): QueryError => ({
  status: statuses[code],
  code: code === 'MalformedRequest' ? 'MalformedInput' : code,
  message,
})
