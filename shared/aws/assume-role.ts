import { inspect } from 'node:util'
import type { AssumeRoleCommandInput, AssumeRoleCommandOutput, STSClient } from '@aws-sdk/client-sts'
import type { ErrorCode } from '../errors/error-table.ts'
import { ServiceError } from '../errors/service-error.ts'
import type { AwsCredentials } from './aws-api-client.ts'
import { createExpiringCache, type Expiring, type FetchContext } from './expiring-cache.ts'
import {
  type AwsClientOptions,
  type RetryDependencies,
  sdkClientConfig,
  systemRetryDependencies,
} from './sdk-client-options.ts'
import { sendWithRetries } from './send-with-retries.ts'

/** Parameters of AssumeRole. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export interface RoleToAssume {
  readonly roleArn: string
  /** Shown by CloudTrail in the role's account: 2 to 64 of `[\w+=,.@-]`. */
  readonly sessionName: string
  readonly externalId?: string
  /** Seconds, from 900 to the role's maximum; default 3,600; at most 3,600 with `via`. */
  readonly durationSeconds?: number
  /** A session policy as JSON: the session can do what the policy and the role both allow. */
  readonly policy?: string
  /** The trust policy must allow sts:TagSession. */
  readonly tags?: Readonly<Record<string, string>>
  readonly transitiveTags?: readonly string[]
  /** The trust policy must allow sts:SetSourceIdentity. Cannot be changed in role chaining. */
  readonly sourceIdentity?: string
  /** The role to assume first, whose session then assumes this one. */
  readonly via?: RoleToAssume
}

/** Credentials of a session. JSON and `console.log` do not show the secrets; a copy by `...` would. */
export interface SessionCredentials extends AwsCredentials {
  readonly sessionToken: string
  /** By AWS's clock. */
  readonly expiration: Date
}

/** Milliseconds before expiration: a session is renewed in the background; it is no longer used. */
const refreshBeforeMs = 300_000
const unusableBeforeMs = 60_000

/**
 * Assumes roles and caches each session until shortly before it expires. The signal is the caller's deadline.
 *
 * Throws ServiceErrors. Permanent: ROLE_DENIED, AWS_REQUEST_REFUSED, OWN_CREDENTIALS_UNUSABLE. Transient: AWS_THROTTLED,
 * AWS_UNREACHABLE.
 */
export const createAssumeRole = (
  settings: AwsClientOptions,
  dependencies: RetryDependencies = systemRetryDependencies,
) => {
  const cache = createExpiringCache<SessionCredentials>(dependencies.now)
  let ownClient: STSClient | undefined

  const clientFor = async ({ via }: RoleToAssume, signal: AbortSignal): Promise<STSClient> => {
    // Loaded with the first role: it takes a third of a cold start.
    const { STSClient } = await import('@aws-sdk/client-sts')
    ownClient ??= new STSClient(sdkClientConfig(settings))
    if (!via) return ownClient
    const credentials = await assumeRole(via, signal)
    const { requestHandler, systemClockOffset } = ownClient.config // shares connections and clock offset
    return new STSClient({
      ...sdkClientConfig({ ...settings, credentials: async () => credentials, requestHandler }),
      systemClockOffset,
    })
  }

  const fetchSession = async (role: RoleToAssume, context: FetchContext): Promise<Expiring<SessionCredentials>> => {
    const client = await clientFor(role, context.signal)
    const { AssumeRoleCommand } = await import('@aws-sdk/client-sts')
    const command = new AssumeRoleCommand(toAssumeRoleInput(role))
    let date: unknown
    command.middlewareStack.add(
      (next) => async (input) => {
        const result = await next(input)
        date = dateHeader(result.response)
        return result
      },
      { step: 'deserialize' },
    )
    const operation = `sts:AssumeRole of ${role.roleArn}`
    const send = (abortSignal: AbortSignal) => client.send(command, { abortSignal })
    const credentials = toSessionCredentials(
      await sendWithRetries({ operation, client, send, errorCodeFor }, context, dependencies),
      operation,
    )
    // The remaining time by STS's clock, added to the local clock.
    const receivedAt = dependencies.now()
    const serverTime = typeof date === 'string' ? Date.parse(date) : Number.NaN
    const expiresAtMs =
      receivedAt + credentials.expiration.getTime() - (Number.isNaN(serverTime) ? receivedAt : serverTime)
    return { value: credentials, refreshAt: expiresAtMs - refreshBeforeMs, expiresAt: expiresAtMs - unusableBeforeMs }
  }

  const assumeRole = (role: RoleToAssume, signal: AbortSignal): Promise<SessionCredentials> =>
    cache.get(cacheKey(role), (context) => fetchSession(role, context), signal)

  return assumeRole
}

const toAssumeRoleInput = (role: RoleToAssume): AssumeRoleCommandInput => ({
  RoleArn: role.roleArn,
  RoleSessionName: role.sessionName,
  ...(role.externalId !== undefined && { ExternalId: role.externalId }),
  ...(role.durationSeconds !== undefined && { DurationSeconds: role.durationSeconds }),
  ...(role.policy !== undefined && { Policy: role.policy }),
  ...(role.tags && { Tags: Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })) }),
  ...(role.transitiveTags && { TransitiveTagKeys: [...role.transitiveTags] }),
  ...(role.sourceIdentity !== undefined && { SourceIdentity: role.sourceIdentity }),
})

/** All AssumeRole parameters of the whole chain: equal keys share a session. */
const cacheKey = (role: RoleToAssume): string => {
  const inputs: unknown[] = []
  for (let chained: RoleToAssume | undefined = role; chained; chained = chained.via)
    inputs.push(toAssumeRoleInput(chained))
  return JSON.stringify(inputs)
}

const toSessionCredentials = (
  { Credentials: issued }: AssumeRoleCommandOutput,
  operation: string,
): SessionCredentials => {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new ServiceError('AWS_UNREACHABLE', { cause: new Error(`${operation}: response without credentials`) })
  }
  const redacted = () => ({ accessKeyId: AccessKeyId, expiration: Expiration })
  return Object.defineProperties(
    {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    },
    { toJSON: { value: redacted }, [inspect.custom]: { value: redacted } },
  )
}

const errorCodeFor = (errorType: string): ErrorCode | undefined =>
  errorType === 'AccessDenied' ? 'ROLE_DENIED' : undefined

/** The Date header of the SDK's HTTP response. */
const dateHeader = (response: unknown): unknown => (response as { headers?: Record<string, unknown> }).headers?.['date']
