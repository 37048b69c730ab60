import { setTimeout } from 'node:timers/promises'
import type { STSClientConfig } from '@aws-sdk/client-sts'
import type { Credentials } from '../signing/index.ts'

/** Options for AWS clients. The SDK reads absent options from the environment and the profile. */
export interface AwsSettings {
  readonly region: string
  readonly endpoint?: string
  /** The service's own credentials. Called again on expiration; only once without an expiration. */
  readonly credentials?: () => Promise<Credentials & { readonly expiration?: Date }>
  /** The HTTP handler of the SDK clients for STS and SSM. */
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

/** The options as SDK client configuration. One attempt: `askAws` retries. */
export const clientConfig = ({ region, endpoint, credentials, requestHandler }: AwsSettings) => ({
  region,
  maxAttempts: 1,
  ...(endpoint !== undefined && { endpoint }),
  // A copy, because the SDK modifies the object.
  ...(credentials && { credentials: async () => ({ ...(await credentials()) }) }),
  ...(requestHandler && { requestHandler }),
})
