import type { CauseId } from '../../shared/diagnoses/index.ts'

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
}

interface Fault {
  readonly cause: CauseId
  readonly message: string
  readonly remedy: string
}

const names = {
  accessKeyId: 'The access key id',
  secretAccessKey: 'The secret access key',
  sessionToken: 'The session token',
} as const

/** What went wrong when somebody carried these keys here by hand, or nothing. Never repeats a secret. */
export const faultOfKeys = (keys: Keys, now: Date): Fault | undefined => {
  for (const [field, name] of Object.entries(names)) {
    const value = keys[field as keyof typeof names] // the keys of `names`, which Object.entries widens
    const fault = value === undefined ? undefined : faultOfText(value)
    if (fault) return { ...fault, message: `${name} ${fault.message}` }
  }
  const { accessKeyId, sessionToken, expiration } = keys
  if (accessKeyId.startsWith('ASIA') && !sessionToken) {
    return {
      cause: 'session-token-missing',
      message: `${accessKeyId} is a temporary access key, and its session token is missing.`,
      remedy: 'Set AWS_SESSION_TOKEN too: AssumeRole gives three values that belong together.',
    }
  }
  if (accessKeyId.startsWith('AKIA') && sessionToken) {
    return {
      cause: 'session-token-foreign',
      message: `${accessKeyId} is a long-lived access key, and the session token beside it belongs to another key.`,
      remedy: 'unset AWS_SESSION_TOKEN, which an earlier session left behind.',
    }
  }
  if (expiration && expiration <= now) {
    return {
      cause: 'session-expired',
      message: `These credentials expired at ${expiration.toISOString()}.`,
      remedy: 'Take new ones: assume the role again, or log in again.',
    }
  }
  return undefined
}

const faultOfText = (value: string): Fault | undefined => {
  if (/^["'“”‘’]|["'“”‘’]$/.test(value)) {
    const remedy = 'Take the bare value: jq prints it with jq -r.'
    return { cause: 'credentials-quoted', message: 'has quotes around it.', remedy }
  }
  if (value === '' || value === 'null' || value === 'undefined') {
    return {
      cause: 'secret-wrong',
      message: value === '' ? 'is empty.' : `is the word ${value}.`,
      remedy: 'The command that should have printed it failed, or named another field.',
    }
  }
  if (/\s/.test(value)) {
    const remedy = 'Copy it again, in one piece and alone.'
    return { cause: 'secret-wrong', message: 'has a space or a line break in it.', remedy }
  }
  if (/[^\x21-\x7e]/.test(value)) {
    const remedy = 'Copy it again from where it was shown.'
    return { cause: 'secret-wrong', message: 'has a character that no AWS credential has.', remedy }
  }
  return undefined
}
