import type { CauseId } from '../../shared/diagnoses/index.ts'

export interface AwsKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

interface CredentialsFault {
  readonly cause: CauseId
  readonly message: string
  readonly remedy: string
}

const fieldNames = {
  accessKeyId: 'The access key id',
  secretAccessKey: 'The secret access key',
  sessionToken: 'The session token',
} as const

/** The mistake in copying these keys, if there is one. Never prints a secret. */
export const findCredentialsFault = (keys: AwsKeys, now: Date): CredentialsFault | undefined => {
  for (const [field, name] of Object.entries(fieldNames)) {
    const value = keys[field as keyof typeof fieldNames] // the keys of `names`, which Object.entries widens
    const fault = value === undefined ? undefined : findTextFault(value)
    if (fault) return { ...fault, message: `${name} ${fault.message}` }
  }
  const { accessKeyId, sessionToken, expiration } = keys
  if (accessKeyId.startsWith('ASIA') && !sessionToken) {
    return {
      cause: 'session-token-missing',
      message: `${accessKeyId} is a temporary access key, and AWS_SESSION_TOKEN is missing.`,
      remedy: 'Set AWS_SESSION_TOKEN too: AssumeRole returns three values that belong together.',
    }
  }
  if (accessKeyId.startsWith('AKIA') && sessionToken) {
    return {
      cause: 'session-token-foreign',
      message: `${accessKeyId} is a long-term access key, but a session token of another key is set.`,
      remedy: 'Run: unset AWS_SESSION_TOKEN',
    }
  }
  if (expiration && expiration <= now) {
    return {
      cause: 'session-expired',
      message: `These credentials expired at ${expiration.toISOString()}.`,
      remedy: 'Get new ones: assume the role again, or log in again.',
    }
  }
  return undefined
}

const findTextFault = (value: string): CredentialsFault | undefined => {
  if (/^["'“”‘’]|["'“”‘’]$/.test(value)) {
    const remedy = 'Use the value without quotes. With jq, pass -r.'
    return { cause: 'credentials-quoted', message: 'has quotes around it.', remedy }
  }
  if (value === '' || value === 'null' || value === 'undefined') {
    return {
      cause: 'secret-wrong',
      message: value === '' ? 'is empty.' : `is the text "${value}".`,
      remedy: 'The command that printed it failed, or read the wrong field.',
    }
  }
  if (/\s/.test(value)) {
    const remedy = 'Copy the value again, without surrounding text.'
    return { cause: 'secret-wrong', message: 'contains a space or a line break.', remedy }
  }
  if (/[^\x21-\x7e]/.test(value)) {
    const remedy = 'Copy the value again from its source.'
    return { cause: 'secret-wrong', message: 'contains a character that AWS credentials never contain.', remedy }
  }
  return undefined
}
