import type { Attempt } from './attempt.ts'
import type { Claim } from './claim.ts'
import type { CheckName } from './remedies.ts'
import type { SignatureRefusal, SignatureRefusalCode } from './types.ts'

export type Refused = Omit<SignatureRefusal, 'check' | 'remedy'>

/** A check of the request, before it is known which signature is claimed. */
export interface RequestCheck {
  readonly name: CheckName
  readonly refuses: (attempt: Attempt) => Refused | undefined
}

/** A check of the one claim the request makes. */
export interface ClaimCheck {
  readonly name: CheckName
  readonly refuses: (attempt: Attempt, claim: Claim) => Refused | undefined
}

export const refused = (code: SignatureRefusalCode, message: string, ...explanation: readonly string[]): Refused => ({
  code,
  message,
  explanation,
})

/** A value from outside for the log: in one line, without control characters, of bounded length. */
export const quoted = (value: string): string => JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
