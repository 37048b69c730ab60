import type { Claim } from './claim.ts'
import { firstParameter, type Parameter, type QueryString } from './query-string.ts'

/** The query form. Its date and token stand in the query and nowhere else. */
export const presignedClaim = (algorithm: string, query: QueryString): Claim => ({
  form: 'query',
  algorithm,
  inPairs: true,
  credential: firstParameter(query, 'X-Amz-Credential'),
  signedHeaders: firstParameter(query, 'X-Amz-SignedHeaders'),
  signature: firstParameter(query, 'X-Amz-Signature'),
  date: firstParameter(query, 'X-Amz-Date'),
  dateFrom: 'X-Amz-Date',
  expires: firstParameter(query, 'X-Amz-Expires'),
  token: firstParameter(query, 'X-Amz-Security-Token'),
})

/**
 * What a presigned query signs: all of it but its signature. Only the occurrence that counts is left out, so that
 * nothing unsigned can ride along under the same name.
 */
export const withoutSignature = (parameters: readonly Parameter[]): readonly Parameter[] => {
  const at = parameters.findIndex(({ name }) => name === 'X-Amz-Signature')
  return at < 0 ? parameters : parameters.toSpliced(at, 1)
}
