import { setTimeout } from 'node:timers/promises'
import type { STSClientConfig } from '@aws-sdk/client-sts'
import type { AwsCredentials } from './aws-api-client.ts'

/** Options for AWS clients. The SDK reads absent options from the environment and the profile. */
export interface AwsClientOptions {
  readonly region: string
  readonly endpoint?: string
  /** The service's own credentials. Called again on expiration; only once without an expiration. */
  readonly credentials?: () => Promise<AwsCredentials & { readonly expiration?: Date }>
  /** The HTTP handler of the SDK clients for STS and SSM. */
  readonly requestHandler?: NonNullable<STSClientConfig['requestHandler']>
}

export interface RetryDependencies {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Rejects when the signal cuts it short. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** From 0 to below 1. */
  readonly random: () => number
}

export const systemRetryDependencies: RetryDependencies = {
  now: Date.now,
  sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
  random: Math.random,
}

/** The options as SDK client configuration. One attempt: `sendWithRetries` retries. */
export const sdkClientConfig = ({ region, endpoint, credentials, requestHandler }: AwsClientOptions) => ({
  region,
  maxAttempts: 1,
  ...(endpoint !== undefined && { endpoint }),
  // A copy, because the SDK modifies the object.
  ...(credentials && { credentials: async () => ({ ...(await credentials()) }) }),
  ...(requestHandler && { requestHandler }),
})
