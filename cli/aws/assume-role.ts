import type { STSServiceException } from '@aws-sdk/client-sts'
import { CommandFailure, exitCodeOf } from '../command-failure.ts'
import type { AwsKeys } from './pasted-credentials.ts'

export interface RoleToAssume {
  readonly roleArn: string
  readonly externalId: string | undefined
  readonly sessionName: string
  readonly durationSeconds: number | undefined
  readonly region: string
  /** Absent: the SDK's default, or AWS_ENDPOINT_URL. */
  readonly endpoint: string | undefined
}

/** STS did not give the session. */
export class AssumeRoleRejected extends CommandFailure {
  readonly status: number
  readonly requestId: string | undefined

  constructor(roleArn: string, { name, message, $metadata }: STSServiceException, hint: string | undefined) {
    const status = $metadata.httpStatusCode ?? 403
    super(`STS rejected AssumeRole for ${roleArn}. ${name}: ${message}`, {
      exitCode: exitCodeOf(status),
      ...(hint !== undefined && { remedy: hint }),
    })
    this.status = status
    this.requestId = $metadata.requestId
  }
}

/** @throws AssumeRoleRejected with the message of STS and its usual fix */
export const assumeRole = async (keys: AwsKeys, role: RoleToAssume): Promise<AwsKeys> => {
  const { roleArn, externalId, sessionName, durationSeconds, region, endpoint } = role
  // Loaded when it is needed: keys that sign by themselves do without.
  const client = await import('@aws-sdk/client-sts')
  const sts = new client.STSClient({ credentials: keys, region, ...(endpoint !== undefined && { endpoint }) })
  try {
    const { Credentials: session } = await sts.send(
      new client.AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        ...(externalId !== undefined && { ExternalId: externalId }),
        ...(durationSeconds !== undefined && { DurationSeconds: durationSeconds }),
      }),
    )
    if (!session?.AccessKeyId || !session.SecretAccessKey || !session.SessionToken) {
      throw new CommandFailure('The STS response has no credentials.')
    }
    return {
      accessKeyId: session.AccessKeyId,
      secretAccessKey: session.SecretAccessKey,
      sessionToken: session.SessionToken,
      ...(session.Expiration && { expiration: session.Expiration }),
    }
  } catch (error) {
    if (error instanceof client.STSServiceException) throw new AssumeRoleRejected(roleArn, error, hintFor(error, role))
    if (error instanceof CommandFailure) throw error
    throw new CommandFailure(`Cannot connect to STS: ${error instanceof Error ? error.message : error}`)
  } finally {
    sts.destroy()
  }
}

const hintFor = ({ name, message }: STSServiceException, { externalId }: RoleToAssume): string | undefined => {
  if (name === 'AccessDenied') {
    return externalId === undefined
      ? 'The trust policy of the role does not name your identity, or requires an external id. Pass --external-id.'
      : 'The trust policy of the role does not name your identity, or requires a different external id.'
  }
  if (name === 'ExpiredToken' || /expired/.test(message)) return 'Your session has expired. Get new credentials.'
  if (name === 'InvalidClientTokenId')
    return 'AWS does not know this access key, or the session token belongs to another key.'
  return undefined
}
