import type { AwsClientOptions, RetryDependencies } from '../../../shared/aws/sdk-client-options.ts'

export const serviceCredentials = {
  accessKeyId: 'ASIAOWN',
  secretAccessKey: 'secret-of-the-service',
  sessionToken: 'token-of-the-service',
}

export const clientOptionsFor = (
  { endpoint }: { readonly endpoint: string },
  credentials = serviceCredentials,
): AwsClientOptions => ({
  region: 'eu-central-1',
  endpoint,
  credentials: async () => credentials,
})

/** A clock that stands still until `forward`, and delays that end immediately. */
export const frozenDependencies = (start = Date.now()) => {
  let time = start
  const delays: number[] = []
  const dependencies: RetryDependencies = {
    now: () => time,
    sleep: async (milliseconds) => {
      delays.push(milliseconds)
    },
    random: () => 1,
  }
  return {
    dependencies,
    delays,
    forward: (milliseconds: number) => {
      time += milliseconds
    },
  }
}

export const longTimeout = (): AbortSignal => AbortSignal.timeout(20_000)
