import { externalFunctionErrors } from './external-function-errors.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

interface AssumedRole extends AwsCredentials {
  readonly expiration: Date
}

export type AssumeRole = (roleArn: string, externalId: string) => Promise<AssumedRole>

interface AssumeRoleDependencies {
  /** The STS endpoint and the region that its signature names. */
  readonly endpoint: string
  readonly region: string
  /** Of the IAM user that Snowflake keeps for the account. */
  readonly credentials: AwsCredentials
  readonly now: () => Date
}

/** https://docs.snowflake.com/en/sql-reference/external-functions-creating-aws-ui-proxy-service */
const roleSessionName = 'snowflake'

/** Asks STS as Snowflake's IAM user does. */
export const createAssumeRole = ({ endpoint, region, credentials, now }: AssumeRoleDependencies): AssumeRole => {
  return async (roleArn, externalId) => {
    // Loaded when the first role is assumed: it would double the time that the stack takes to start.
    const { AssumeRoleCommand, STSClient } = await import('@aws-sdk/client-sts')
    const systemClockOffset = now().getTime() - Date.now()
    const client = new STSClient({ endpoint, region, credentials, systemClockOffset })
    try {
      const { Credentials: issued } = await client.send(
        new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: roleSessionName, ExternalId: externalId }),
      )
      const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued ?? {}
      if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
        throw new Error('STS answered no credentials')
      return {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
        expiration: Expiration,
      }
    } catch (cause) {
      throw externalFunctionErrors.assumeRole(cause)
    } finally {
      client.destroy()
    }
  }
}

const renewBeforeExpiryMs = 5 * 60_000

/** Keeps each session until shortly before it expires; one request in request for each; a failed one is not kept. */
export const cacheAssumedRoles = (assumeRole: AssumeRole, now: () => Date) => {
  const entries = new Map<string, { readonly request: Promise<AssumedRole>; renewAt: number }>()
  const cached: AssumeRole = (roleArn, externalId) => {
    const key = JSON.stringify([roleArn, externalId])
    const cached = entries.get(key)
    if (cached && now().getTime() < cached.renewAt) return cached.request
    const entry = { request: assumeRole(roleArn, externalId), renewAt: Number.POSITIVE_INFINITY }
    entries.set(key, entry)
    entry.request.then(
      ({ expiration }) => {
        entry.renewAt = expiration.getTime() - renewBeforeExpiryMs
      },
      () => entries.get(key) === entry && entries.delete(key),
    )
    return entry.request
  }
  return { assumeRole: cached, invalidate: () => entries.clear() }
}
