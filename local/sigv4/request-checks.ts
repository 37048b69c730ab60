import { isByteString } from './canonical-request.ts'
import { type CheckRejection, rejectWith, signatureMessages } from './signature-rejection.ts'
import type { SignedRequest } from './signed-request.ts'

const isToken = (text: string): boolean => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)
const isFieldValue = (text: string): boolean => isByteString(text) && !/[\r\n\0]/.test(text)

/**
 * What no HTTP parser lets through, but a request put together in memory could hold. A character beyond one byte would
 * lose its upper half in the hash, a line end would forge a line of the canonical request.
 */
export const malformedHttp = ({ request }: SignedRequest): CheckRejection | undefined => {
  const malformed = (part: string) => rejectWith('MalformedRequest', '', `The ${part} is nothing HTTP could carry.`)
  if (!isToken(request.method)) return malformed('method')
  if (!isByteString(request.target)) return malformed('request target')
  const isHeader = (text: string, at: number) => (at % 2 === 0 ? isToken(text) : isFieldValue(text))
  return request.rawHeaders.every(isHeader) ? undefined : malformed('name or value of a header')
}

export const malformedPath = ({ path }: SignedRequest): CheckRejection | undefined =>
  'fault' in path
    ? rejectWith('MalformedRequest', '', `The path cannot be brought into canonical form: ${path.fault}.`)
    : undefined

export const malformedQuery = ({ query }: SignedRequest): CheckRejection | undefined =>
  query.fault === undefined
    ? undefined
    : rejectWith(
        'MalformedQueryString',
        query.fault,
        'A % in the query is not followed by two hexadecimal digits; a % that stands for itself is written %25.',
      )

export const missingSignature = ({ claimedSignature, endpoint, query }: SignedRequest): CheckRejection | undefined =>
  claimedSignature === 'none'
    ? rejectWith(
        'MissingAuthenticationToken',
        signatureMessages.missingToken(endpoint),
        'The request carries neither an Authorization header nor X-Amz-Algorithm in its query: it is not signed.',
        ...(query.parameters.some(({ name }) => name.toLowerCase().startsWith('x-amz-'))
          ? ['Its query does hold other X-Amz-… parameters: was a presigned URL cut short, or & not quoted in a shell?']
          : []),
      )
    : undefined

export const duplicateSignature = ({ claimedSignature }: SignedRequest): CheckRejection | undefined =>
  claimedSignature === 'both'
    ? rejectWith(
        'SignatureDoesNotMatch',
        '',
        'The request is signed twice, by an Authorization header and by X-Amz-Algorithm in its query; only one may be there.',
      )
    : undefined
