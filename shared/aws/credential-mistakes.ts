import { ServiceError } from '../errors/service-error.ts'
import type { AwsCredentials } from './aws-api-client.ts'

const fieldNames = [
  ['accessKeyId', 'The access key id'],
  ['secretAccessKey', 'The secret access key'],
  ['sessionToken', 'The session token'],
] as const

/** Copy-and-paste mistakes. The messages never contain the secret. */
const credentialMistakes: readonly (readonly [RegExp, string])[] = [
  [/^["'`“”‘’]|["'`“”‘’]$/, 'has quotes around it.'],
  [/^(|null|undefined)$/, 'is empty or a placeholder.'],
  [/\s|\\n/, 'has a space or a line break in it.'],
  [/[^\x21-\x7e]/, 'has a character that no AWS credential has.'],
]

/**
 * Loads the service's own credentials and checks them for copy-and-paste mistakes. AWS's errors do not name these: a quoted
 * key id is InvalidClientTokenId, and a line break fails before the request is sent.
 * @throws ServiceError OWN_CREDENTIALS_UNUSABLE
 */
export const loadCheckedCredentials = async (provide: () => Promise<AwsCredentials>): Promise<AwsCredentials> => {
  const credentials = await provide().catch((thrown: unknown) => {
    const cause = new Error(`No credentials found: ${thrown instanceof Error ? thrown.name : typeof thrown}`)
    throw new ServiceError('OWN_CREDENTIALS_UNUSABLE', { cause })
  })
  for (const [part, name] of fieldNames) {
    const value = credentials[part]
    const mistake = value === undefined ? undefined : credentialMistakes.find(([pattern]) => pattern.test(value))
    if (mistake) throw new ServiceError('OWN_CREDENTIALS_UNUSABLE', { detail: `${name} ${mistake[1]}` })
  }
  return credentials
}
