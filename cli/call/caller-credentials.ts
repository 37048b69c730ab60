import { assumeRole } from '../aws/assume-role.ts'
import type { AwsKeys } from '../aws/pasted-credentials.ts'
import type { LocalIdentity } from '../local-stack/local-stack-client.ts'

/** Who signs, before any role is assumed, and what is known of the API for them. */
export interface Caller {
  readonly keys: AwsKeys
  readonly region: string | undefined
  readonly api: string | undefined
  readonly callerRole: CallerRole | undefined
  /** Where STS is; absent: where the SDK would look. */
  readonly awsEndpoint: string | undefined
}

export interface CallerRole {
  readonly roleArn: string
  readonly externalId: string | undefined
}

/** A local identity has its caller role. */
export const callerForIdentity = (identity: LocalIdentity): Caller => {
  const { accessKeyId, secretAccessKey, sessionToken, region, endpoints, callerRoleArn, externalId } = identity
  return {
    keys: { accessKeyId, secretAccessKey, ...(sessionToken !== null && { sessionToken }) },
    region,
    api: endpoints.api,
    callerRole: callerRoleArn === undefined ? undefined : { roleArn: callerRoleArn, externalId },
    awsEndpoint: endpoints.aws,
  }
}

interface AssumeRoleSession {
  readonly sessionName: string
  readonly durationSeconds?: number
  readonly region: string
}

/** The keys of a session of the caller role. */
export const assumeCallerRole = (
  { keys, awsEndpoint }: Caller,
  { roleArn, externalId }: CallerRole,
  { sessionName, durationSeconds, region }: AssumeRoleSession,
): Promise<AwsKeys> =>
  assumeRole(keys, { roleArn, externalId, sessionName, durationSeconds, region, endpoint: awsEndpoint })
