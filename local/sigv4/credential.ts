export const algorithm = 'AWS4-HMAC-SHA256'
export const terminator = 'aws4_request'

/** The five parts of `Credential`: a key id and the scope of the signature. */
export interface Credential {
  readonly accessKeyId: string
  /** `YYYYMMDD`. */
  readonly day: string
  readonly region: string
  readonly service: string
  readonly terminator: string
}

export const readCredential = (text: string): Credential | undefined => {
  const [accessKeyId, day, region, service, end, ...more] = text.split('/')
  if (accessKeyId === undefined || day === undefined || region === undefined) return undefined
  if (service === undefined || end === undefined || more.length > 0) return undefined
  return { accessKeyId, day, region, service, terminator: end }
}
