import type { AwsSettings, Surroundings } from '../../../shared/credentials/index.ts'

export const ownKeys = {
  accessKeyId: 'ASIAOWN',
  secretAccessKey: 'secret-of-the-service',
  sessionToken: 'token-of-the-service',
}

export const settingsAt = ({ endpoint }: { readonly endpoint: string }, credentials = ownKeys): AwsSettings => ({
  region: 'eu-central-1',
  endpoint,
  credentials: async () => credentials,
})

/** A clock that stands still until it is put forward, and pauses that are over at once. */
export const stillSurroundings = (start = Date.now()) => {
  let time = start
  const pauses: number[] = []
  const surroundings: Surroundings = {
    now: () => time,
    pause: async (milliseconds) => {
      pauses.push(milliseconds)
    },
    random: () => 1,
  }
  return {
    surroundings,
    pauses,
    forward: (milliseconds: number) => {
      time += milliseconds
    },
  }
}

export const patient = (): AbortSignal => AbortSignal.timeout(20_000)
