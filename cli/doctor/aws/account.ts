import type { Keys } from '../../signing/index.ts'

/** Whose account is looked at, where, and with which keys. */
export interface Account {
  readonly keys: Keys
  readonly region: string
  /** Absent: where the SDK would go, which AWS_ENDPOINT_URL can say. */
  readonly endpoint: string | undefined
}

/** The settings as a client of the SDK takes them. A copy of the keys, since it writes into what it is given. */
export const clientConfig = ({ keys, region, endpoint }: Account) => ({
  region,
  credentials: { ...keys },
  ...(endpoint !== undefined && { endpoint }),
})
