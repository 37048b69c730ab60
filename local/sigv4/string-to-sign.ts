import { hashByteString } from './canonical-request.ts'

export interface Timestamp {
  /** `YYYYMMDDTHHMMSSZ`, as it stands in the string to sign. */
  readonly text: string
  /** `YYYYMMDD`, as it stands in the scope. */
  readonly day: string
  /** Since 1970. */
  readonly seconds: number
}

export const timestampOf = (date: Date): Timestamp => {
  const iso = date.toISOString()
  const day = iso.slice(0, 10).replaceAll('-', '')
  const text = `${day}T${iso.slice(11, 19).replaceAll(':', '')}Z`
  return { text, day, seconds: Math.floor(date.getTime() / 1000) }
}

export const secondsLater = (timestamp: Timestamp, seconds: number): Timestamp =>
  timestampOf(new Date((timestamp.seconds + seconds) * 1000))

const isDate = (date: Date): boolean => !Number.isNaN(date.getTime())

/**
 * ISO 8601 basic form in UTC, nothing looser. Writing it again catches the thirtieth of February and the sixty-first
 * second, which JavaScript would carry over.
 */
export const readIsoBasic = (text: string): Timestamp | undefined => {
  const fields = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (fields === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.slice(1).map(Number)
  const timestamp = timestampOf(new Date(Date.UTC(year, month - 1, day, hour, minute, second)))
  return timestamp.text === text ? timestamp : undefined
}

/**
 * The form HTTP gives a `Date` header (RFC 9110, section 5.6.7). AWS speaks of the "ISO-8601 version of date from HTTP"
 * in its own refusals, and its published test suite signed such headers: the string to sign then holds the ISO form.
 */
export const readImfFixdate = (text: string): Timestamp | undefined => {
  const date = new Date(text)
  return isDate(date) && date.toUTCString() === text ? timestampOf(date) : undefined
}

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

interface StringToSignInput {
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly date: string
  readonly credential: Omit<Credential, 'accessKeyId'>
  readonly canonicalRequest: string
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-string-to-sign */
export const stringToSign = ({ date, credential, canonicalRequest }: StringToSignInput): string => `\
${algorithm}
${date}
${credential.day}/${credential.region}/${credential.service}/${credential.terminator}
${hashByteString(canonicalRequest)}`
