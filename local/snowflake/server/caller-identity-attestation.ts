import { z } from 'zod'
import { type AccessKey, verifySignature } from '../../sigv4/index.ts'

/** Who signed, as STS would name it: with a session's name, and without a role's path. */
export type AttestationResult =
  | {
      readonly arn: string
      /** Of a token alone. */
      readonly issuer?: string
    }
  | { readonly reason: string; readonly explanation?: readonly string[]; readonly fix?: string }

interface CallerIdentityDependencies {
  readonly findKey: (accessKeyId: string) => AccessKey<{ readonly arn: string }> | undefined
  readonly now: () => Date
}

const maxTokenLength = 32_768
const audience = 'snowflakecomputing.com'

const signedRequestEnvelope = z.object({
  url: z.string().max(500),
  method: z.string(),
  headers: z.record(z.string(), z.string()),
})

/** Go's driver has no slash before the query. */
const httpsUrl = /^https:\/\/([^/?]+)\/?\?(.*)$/
const getCallerIdentityQuery = 'Action=GetCallerIdentity&Version=2011-06-15'

/**
 * A GetCallerIdentity request that was signed and never sent, as base64 of `{url, method, headers}`. Snowflake sends it to
 * STS and reads who answers; here the signature is computed again, which comes to the same.
 */
export const verifyCallerIdentity = (
  token: string,
  { findKey, now }: CallerIdentityDependencies,
): AttestationResult => {
  const signedRequest = readEnvelope(token)
  if (!signedRequest) return { reason: 'the token is not base64 of {"url", "method", "headers"} as JSON' }
  const { url, method } = signedRequest
  const headers = Object.entries(signedRequest.headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  const header = (headerName: string) => headers.find(([name]) => name === headerName)?.[1]

  const [, host = '', queryString] = httpsUrl.exec(url) ?? []
  const region = regionOf(host)
  if (region === undefined) return { reason: 'the URL is not of a regional STS endpoint' }
  if (method !== 'POST') return { reason: 'the method is not POST' }
  if (queryString !== getCallerIdentityQuery)
    return { reason: 'the request is not GetCallerIdentity of version 2011-06-15 and that alone' }
  if (new Set(headers.map(([name]) => name)).size < headers.length) return { reason: 'a header occurs twice' }
  if (header('host') !== host) return { reason: 'the header host is not the host of the URL' }
  if (header('x-snowflake-audience') !== audience)
    return { reason: `the header x-snowflake-audience is not ${audience}` }

  const verification = verifySignature(
    {
      method,
      target: `/?${queryString}`,
      rawHeaders: headers.flat(),
      body: new Uint8Array(),
      sourceIp: '127.0.0.1',
    },
    { service: 'sts', region, clockSkewMinutes: 15, now, findKey },
  )
  if (!verification.verified) {
    const { code, message, explanation, fix } = verification.rejection
    return { reason: `${code}: ${message}`, explanation, fix }
  }
  if (!verification.signedHeaders.includes('x-snowflake-audience'))
    return { reason: 'the header x-snowflake-audience is not signed' }
  return { arn: verification.owner.arn }
}

/** Of a regional endpoint of STS. There is no other host: the real one sends the request on. */
const regionOf = (host: string): string | undefined => {
  const [, region, china] = /^sts\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(\.cn)?$/.exec(host) ?? []
  return region?.startsWith('cn-') === (china !== undefined) ? region : undefined
}

const readEnvelope = (token: string): z.infer<typeof signedRequestEnvelope> | undefined => {
  if (token.length > maxTokenLength || !/^[A-Za-z\d+/]+={0,2}$/.test(token)) return undefined
  try {
    return signedRequestEnvelope.safeParse(JSON.parse(Buffer.from(token, 'base64').toString())).data
  } catch {
    return undefined
  }
}
