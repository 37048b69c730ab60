import type { WireAnswer } from './http/index.ts'
import type { SignatureRefusal, SignatureRefusalCode } from './sigv4/index.ts'

/** An answer in the form of API Gateway and the JSON services: status, `x-amzn-ErrorType`, JSON body. */
export interface JsonRefusal {
  readonly status: number
  readonly errorType: string
  readonly body: string
}

/** The names that API Gateway and Lambda have for what the query services call otherwise. */
const errorTypes: Readonly<Record<SignatureRefusalCode, string>> = {
  MalformedRequest: 'BadRequestException',
  MalformedQueryString: 'MalformedQueryStringException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  IncompleteSignature: 'IncompleteSignatureException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  ExpiredToken: 'ExpiredTokenException',
}

/**
 * A failed signature in the words of API Gateway: all are 403 but a request that could not even be read. On a mismatch it
 * shows callers their own request (observed: github.com/mhart/aws4/issues/33); that text is theirs to see and never ours to
 * log, since it may hold a session token.
 */
export const signatureRefusal = ({ code, message, canonicalRequest, stringToSign }: SignatureRefusal): JsonRefusal => {
  const words = new Map<SignatureRefusalCode, string>([
    ['MissingAuthenticationToken', 'Missing Authentication Token'],
    ['InvalidClientTokenId', 'The security token included in the request is invalid.'],
    ['MalformedRequest', 'Bad Request'],
  ])
  const shown =
    canonicalRequest !== undefined && stringToSign !== undefined
      ? `\n\nThe Canonical String for this request should have been\n'${canonicalRequest}'\n\nThe String-to-Sign should have been\n'${stringToSign}'\n`
      : ''
  return {
    status: code === 'MalformedRequest' ? 400 : 403,
    errorType: errorTypes[code],
    body: JSON.stringify({ message: (words.get(code) ?? message) + shown }),
  }
}

export const refusalAnswer = (
  { status, errorType, body }: JsonRefusal,
  ids: Readonly<Record<string, string>>,
): WireAnswer => ({
  status,
  headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': errorType, ...ids },
  body,
})
