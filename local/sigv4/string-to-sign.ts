import { hashOfBytes } from './canonical-request.ts'
import { algorithm, type Credential } from './credential.ts'

export interface ToSign {
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly date: string
  readonly credential: Omit<Credential, 'accessKeyId'>
  readonly canonicalRequest: string
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-string-to-sign */
export const stringToSign = ({ date, credential, canonicalRequest }: ToSign): string => `\
${algorithm}
${date}
${credential.day}/${credential.region}/${credential.service}/${credential.terminator}
${hashOfBytes(canonicalRequest)}`
