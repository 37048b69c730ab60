import { z } from 'zod'
import { type AccessKey, verify } from '../sigv4/index.ts'

/** Who signed, as STS would name it: with a session's name, and without a role's path. */
export type Attested =
  | {
      readonly arn: string
      /** Of a token alone. */
      readonly issuer?: string
    }
  | { readonly because: string; readonly explanation?: readonly string[]; readonly remedy?: string }

interface Needs {
  readonly findKey: (accessKeyId: string) => AccessKey<{ readonly arn: string }> | undefined
  readonly now: () => Date
}

const longest = 32_768
const audience = 'snowflakecomputing.com'

const envelope = z.object({
  url: z.string().max(500),
  method: z.string(),
  headers: z.record(z.string(), z.string()),
})

/** Go's driver has no slash before the query. */
const httpsUrl = /^https:\/\/([^/?]+)\/?\?(.*)$/
const query = 'Action=GetCallerIdentity&Version=2011-06-15'

/**
 * A GetCallerIdentity request that was signed and never sent, as base64 of `{url, method, headers}`. Snowflake sends it to
 * STS and reads who answers; here the signature is computed again, which comes to the same.
 */
export const verifyCallerIdentity = (token: string, { findKey, now }: Needs): Attested => {
  const read = readEnvelope(token)
  if (!read) return { because: 'the token is no base64 of {"url", "method", "headers"} as JSON' }
  const { url, method } = read
  const headers = Object.entries(read.headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  const header = (wanted: string) => headers.find(([name]) => name === wanted)?.[1]

  const [, host = '', asked] = httpsUrl.exec(url) ?? []
  const region = regionOf(host)
  if (region === undefined) return { because: 'the URL is not of a regional STS endpoint' }
  if (method !== 'POST') return { because: 'the method is not POST' }
  if (asked !== query) return { because: 'the request is not GetCallerIdentity of version 2011-06-15 and that alone' }
  if (new Set(headers.map(([name]) => name)).size < headers.length) return { because: 'a header occurs twice' }
  if (header('host') !== host) return { because: 'the header host is not the host of the URL' }
  if (header('x-snowflake-audience') !== audience)
    return { because: `the header x-snowflake-audience is not ${audience}` }

  const verdict = verify(
    {
      method,
      target: `/?${asked}`,
      rawHeaders: headers.flat(),
      body: new Uint8Array(),
      sourceIp: '127.0.0.1',
    },
    { service: 'sts', region, clockSkewMinutes: 15, now, findKey },
  )
  if (!verdict.verified) {
    const { code, message, explanation, remedy } = verdict.refusal
    return { because: `${code}: ${message}`, explanation, remedy }
  }
  if (!verdict.signedHeaders.includes('x-snowflake-audience'))
    return { because: 'the header x-snowflake-audience is not signed' }
  return { arn: verdict.owner.arn }
}

/** Of a regional endpoint of STS. There is no other host: the real one sends the request on. */
const regionOf = (host: string): string | undefined => {
  const [, region, china] = /^sts\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(\.cn)?$/.exec(host) ?? []
  return region?.startsWith('cn-') === (china !== undefined) ? region : undefined
}

const readEnvelope = (token: string): z.infer<typeof envelope> | undefined => {
  if (token.length > longest || !/^[A-Za-z\d+/]+={0,2}$/.test(token)) return undefined
  try {
    return envelope.safeParse(JSON.parse(Buffer.from(token, 'base64').toString())).data
  } catch {
    return undefined
  }
}
