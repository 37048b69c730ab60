import type { Attempt } from './attempt.ts'
import { type Refused, refused } from './check.ts'
import { isByteString } from './percent-encoding.ts'
import { words } from './words.ts'

const isToken = (text: string): boolean => /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(text)
const isFieldValue = (text: string): boolean => isByteString(text) && !/[\r\n\0]/.test(text)

/**
 * What no HTTP parser lets through, but a request put together in memory could hold. A character beyond one byte would
 * lose its upper half in the hash, a line end would forge a line of the canonical request.
 */
export const unlikeHttp = ({ request }: Attempt): Refused | undefined => {
  const malformed = (what: string) => refused('MalformedRequest', '', `The ${what} is nothing HTTP could carry.`)
  if (!isToken(request.method)) return malformed('method')
  if (!isByteString(request.target)) return malformed('request target')
  const isHeader = (text: string, at: number) => (at % 2 === 0 ? isToken(text) : isFieldValue(text))
  return request.rawHeaders.every(isHeader) ? undefined : malformed('name or value of a header')
}

export const malformedPath = ({ path }: Attempt): Refused | undefined =>
  'fault' in path
    ? refused('MalformedRequest', '', `The path cannot be brought into canonical form: ${path.fault}.`)
    : undefined

export const malformedQuery = ({ query }: Attempt): Refused | undefined =>
  query.fault === undefined
    ? undefined
    : refused(
        'MalformedQueryString',
        query.fault,
        'A % in the query is not followed by two hexadecimal digits; a % that stands for itself is written %25.',
      )

export const noClaim = ({ claims, endpoint, query }: Attempt): Refused | undefined =>
  claims === 'none'
    ? refused(
        'MissingAuthenticationToken',
        words.missingToken(endpoint),
        'The request carries neither an Authorization header nor X-Amz-Algorithm in its query: it is not signed.',
        ...(query.parameters.some(({ name }) => name.toLowerCase().startsWith('x-amz-'))
          ? ['Its query does hold other X-Amz-… parameters: was a presigned URL cut short, or & not quoted in a shell?']
          : []),
      )
    : undefined

export const twoClaims = ({ claims }: Attempt): Refused | undefined =>
  claims === 'both'
    ? refused(
        'SignatureDoesNotMatch',
        '',
        'The request is signed twice, by an Authorization header and by X-Amz-Algorithm in its query; only one may be there.',
      )
    : undefined
