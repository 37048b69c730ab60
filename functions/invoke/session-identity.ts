import { createHash } from 'node:crypto'

/** The caller's identity in the CloudTrail of the target's account. */
export interface SessionIdentity {
  /** `snowgate-dev-analytics@nightly-run` */
  readonly sessionName: string
  /** `111111111111-snowgate-dev-analytics`: cannot be changed in role chaining. */
  readonly sourceIdentity: string
}

/** From the signer's ARN. The function does not know who invokes it directly. */
export const toSessionIdentity = (callerArn: string | undefined): SessionIdentity => {
  const [, , , , accountId = '', ...resource] = callerArn?.split(':') ?? []
  const [kind = '', ...names] = resource.join(':').split('/')
  if (callerArn === undefined || kind === '') {
    return { sessionName: 'direct-invocation', sourceIdentity: 'direct-invocation' }
  }
  const session = kind === 'assumed-role' ? names.slice(1).join('/') : undefined
  const name = (kind === 'assumed-role' ? names[0] : names.at(-1)) ?? kind
  return {
    sessionName: toAllowedCharacters(session === undefined ? name : `${name}@${session}`),
    sourceIdentity: toAllowedCharacters(`${accountId}-${name}`),
  }
}

/** 2 to 64 of these characters. A hash keeps long names distinct. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const toAllowedCharacters = (text: string): string => {
  const clean = text.replace(/[^\w+=,.@-]/g, '-').padEnd(2, '-')
  if (clean.length <= 64) return clean
  return `${clean.slice(0, 55)}-${createHash('sha256').update(text).digest('hex').slice(0, 8)}`
}
