import { ServiceError } from '../errors/index.ts'
import type { Credentials } from '../signing/index.ts'

const parts = [
  ['accessKeyId', 'The access key id'],
  ['secretAccessKey', 'The secret access key'],
  ['sessionToken', 'The session token'],
] as const

/** Faults of carrying by hand, each in words that repeat nothing of the secret. */
const faults: readonly (readonly [RegExp, string])[] = [
  [/^["'`“”‘’]|["'`“”‘’]$/, 'has quotes around it.'],
  [/^(|null|undefined)$/, 'is empty or a placeholder.'],
  [/\s|\\n/, 'has a space or a line break in it.'],
  [/[^\x21-\x7e]/, 'has a character that no AWS credential has.'],
]

/**
 * The credentials that the service itself has, looked at before AWS answers to them in riddles: to a quoted key id with
 * InvalidClientTokenId, and a line break never leaves the machine.
 * @throws ServiceError OWN_CREDENTIALS_UNUSABLE
 */
export const ownCredentials = async (provide: () => Promise<Credentials>): Promise<Credentials> => {
  const credentials = await provide().catch((thrown: unknown) => {
    const cause = new Error(`No credentials were found: ${thrown instanceof Error ? thrown.name : typeof thrown}`)
    throw new ServiceError('OWN_CREDENTIALS_UNUSABLE', { cause })
  })
  for (const [part, name] of parts) {
    const value = credentials[part]
    const fault = value === undefined ? undefined : faults.find(([pattern]) => pattern.test(value))
    if (fault) throw new ServiceError('OWN_CREDENTIALS_UNUSABLE', { detail: `${name} ${fault[1]}` })
  }
  return credentials
}
