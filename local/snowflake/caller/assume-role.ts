import { refusals } from './refusals.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

interface AssumedRole extends AwsCredentials {
  readonly expiration: Date
}

export type AssumeRole = (roleArn: string, externalId: string) => Promise<AssumedRole>

interface Needs {
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
export const createAssumeRole = ({ endpoint, region, credentials, now }: Needs): AssumeRole => {
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
      throw refusals.assumeRole(cause)
    } finally {
      client.destroy()
    }
  }
}

const renewedBefore = 5 * 60_000

/** Keeps each session until shortly before it expires; one request in flight for each; a failed one is not kept. */
export const keepSessions = (assumeRole: AssumeRole, now: () => Date) => {
  const held = new Map<string, { readonly flight: Promise<AssumedRole>; renewAt: number }>()
  const kept: AssumeRole = (roleArn, externalId) => {
    const key = JSON.stringify([roleArn, externalId])
    const kept = held.get(key)
    if (kept && now().getTime() < kept.renewAt) return kept.flight
    const entry = { flight: assumeRole(roleArn, externalId), renewAt: Number.POSITIVE_INFINITY }
    held.set(key, entry)
    entry.flight.then(
      ({ expiration }) => {
        entry.renewAt = expiration.getTime() - renewedBefore
      },
      () => held.get(key) === entry && held.delete(key),
    )
    return entry.flight
  }
  return { assumeRole: kept, forget: () => held.clear() }
}
