import type { Identity } from '../local-stack/index.ts'
import { assumeRole, type Keys } from '../signing/index.ts'

/** Who signs, before any role is assumed, and what is known of the API for them. */
export interface Caller {
  readonly keys: Keys
  readonly region: string | undefined
  readonly api: string | undefined
  readonly door: Door | undefined
  /** Where STS is; absent: where the SDK would look. */
  readonly awsEndpoint: string | undefined
}

export interface Door {
  readonly roleArn: string
  readonly externalId: string | undefined
}

/** A party of the local stack: it knows its door. */
export const callerOfStack = (identity: Identity): Caller => {
  const { accessKeyId, secretAccessKey, sessionToken, region, endpoints, doorRoleArn, externalId } = identity
  return {
    keys: { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) },
    region,
    api: endpoints.api,
    door: doorRoleArn === undefined ? undefined : { roleArn: doorRoleArn, externalId },
    awsEndpoint: endpoints.aws,
  }
}

interface Session {
  readonly sessionName: string
  readonly durationSeconds?: number
  readonly region: string
}

/** The keys of the door's session. */
export const throughTheDoor = (
  { keys, awsEndpoint }: Caller,
  { roleArn, externalId }: Door,
  { sessionName, durationSeconds, region }: Session,
): Promise<Keys> =>
  assumeRole(keys, { roleArn, externalId, sessionName, durationSeconds, region, endpoint: awsEndpoint })
