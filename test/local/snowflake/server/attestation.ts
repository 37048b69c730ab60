import { createHash, createHmac, createPrivateKey, type KeyObject, sign } from 'node:crypto'

/** What the drivers put into TOKEN, with every part open to be changed. */
export interface Attestation {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
}

interface AwsKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

export interface AttestationOptions {
  readonly key: AwsKey
  readonly at: Date
  readonly region?: string
  readonly service?: string
  readonly host?: string
  readonly path?: string
  readonly query?: string
  readonly method?: string
  readonly audience?: string | null
  readonly unsigned?: readonly string[]
  readonly name?: (header: string) => string
  readonly body?: string
}

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const digest = (text: string) => createHash('sha256').update(text).digest('hex')

/**
 * Signed by the book and with the project's verifier nowhere in it; the two vectors of the reference hold it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const attest = ({
  key,
  at,
  region = 'eu-central-1',
  service = 'sts',
  host = `sts.${region}.amazonaws.com`,
  path = '/',
  query = 'Action=GetCallerIdentity&Version=2011-06-15',
  method = 'POST',
  audience = 'snowflakecomputing.com',
  unsigned = [],
  name = (header) => header,
  body = '',
}: AttestationOptions): Attestation => {
  const date = `${at.toISOString().replace(/[-:]|\.\d+/g, '')}`
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`
  const headers: Record<string, string> = {
    host,
    ...(audience !== null && { 'x-snowflake-audience': audience }),
    'x-amz-date': date,
    ...(key.sessionToken !== undefined && { 'x-amz-security-token': key.sessionToken }),
  }
  const signed = Object.keys(headers)
    .filter((header) => !unsigned.includes(header))
    .sort()
  const canonical = [
    method,
    '/',
    query,
    ...signed.map((header) => `${header}:${headers[header]}`),
    '',
    signed.join(';'),
    digest(body),
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', date, scope, digest(canonical)].join('\n')
  const signingKey = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${key.secretAccessKey}`)
  const signature = hmac(signingKey, text).toString('hex')
  const authorization = `AWS4-HMAC-SHA256 Credential=${key.accessKeyId}/${scope}, SignedHeaders=${signed.join(';')}, Signature=${signature}`
  const named = Object.entries({ ...headers, authorization }).map(([header, value]) => [name(header), value])
  return { url: `https://${host}${path}?${query}`, method, headers: Object.fromEntries(named) }
}

export const base64 = (value: unknown, spaces = 0) =>
  Buffer.from(spaces > 0 ? JSON.stringify(value).replaceAll(/([:,])"/g, '$1 "') : JSON.stringify(value)).toString(
    'base64',
  )

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token in compact form; the key says how it is signed, the header what it claims. */
export const jwt = (header: unknown, claims: unknown, key: KeyObject | string, hash = 'sha256'): string => {
  const signed = `${part(header)}.${part(claims)}`
  const privateKey = typeof key === 'string' ? createPrivateKey(key) : key
  return `${signed}.${sign(hash, Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}
