import { setTimeout } from 'node:timers/promises'
import type { STSClientConfig } from '@aws-sdk/client-sts'
import type { Credentials } from '../signing/index.ts'

/** Where the service is and how it reaches AWS. What is absent, the SDK takes from the environment and the profile. */
export interface AwsSettings {
  readonly region: string
  readonly endpoint?: string
  /** Of the service itself. Asked again when they expire, and once if they do not say when. */
  readonly credentials?: () => Promise<Credentials & { readonly expiration?: Date }>
  /** The transport of the SDK's clients, STS and SSM alike. */
  readonly requestHandler?: NonNullable<STSClientConfig['requestHandler']>
}

export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Rejects when the signal cuts it short. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** From 0 to below 1. */
  readonly random: () => number
}

export const realSurroundings: Surroundings = {
  now: Date.now,
  pause: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
  random: Math.random,
}

/** The settings as a client of the SDK takes them. It tries once: `askAws` tries again. */
export const clientConfig = ({ region, endpoint, credentials, requestHandler }: AwsSettings) => ({
  region,
  maxAttempts: 1,
  ...(endpoint !== undefined && { endpoint }),
  // A copy, since the SDK writes into what it is given.
  ...(credentials && { credentials: async () => ({ ...(await credentials()) }) }),
  ...(requestHandler && { requestHandler }),
})
