import { inspect } from 'node:util'
import type { AssumeRoleCommandInput, AssumeRoleCommandOutput, STSClient } from '@aws-sdk/client-sts'
import { type ErrorCode, ServiceError } from '../errors/index.ts'
import type { Credentials } from '../signing/index.ts'
import { askAws } from './ask-aws.ts'
import { createFresh, type Errand, type Lease } from './fresh.ts'
import { type AwsSettings, clientConfig, realSurroundings, type Surroundings } from './surroundings.ts'

/** Parameters of AssumeRole. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export interface Role {
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
  readonly via?: Role
}

/** Credentials of a session. JSON and `console.log` do not show the secrets; a copy by `...` would. */
export interface SessionCredentials extends Credentials {
  readonly sessionToken: string
  /** By AWS's clock. */
  readonly expiration: Date
}

/** Milliseconds before expiration: a session is renewed in the background; it is no longer used. */
const renewBefore = 300_000
const unusedBefore = 60_000

/**
 * Assumes roles and caches each session until shortly before it expires. The signal is the caller's deadline.
 *
 * Throws ServiceErrors. Permanent: ROLE_DENIED, AWS_REQUEST_REFUSED, OWN_CREDENTIALS_UNUSABLE. Transient: AWS_THROTTLED,
 * AWS_UNREACHABLE.
 */
export const assumedRole = (settings: AwsSettings, surroundings: Surroundings = realSurroundings) => {
  const sessions = createFresh<SessionCredentials>(surroundings.now)
  let own: STSClient | undefined

  const clientFor = async ({ via }: Role, signal: AbortSignal): Promise<STSClient> => {
    // Loaded with the first role: it takes a third of a cold start.
    const { STSClient } = await import('@aws-sdk/client-sts')
    own ??= new STSClient(clientConfig(settings))
    if (!via) return own
    const credentials = await session(via, signal)
    const { requestHandler, systemClockOffset } = own.config // shares connections and clock offset
    return new STSClient({
      ...clientConfig({ ...settings, credentials: async () => credentials, requestHandler }),
      systemClockOffset,
    })
  }

  const obtain = async (role: Role, errand: Errand): Promise<Lease<SessionCredentials>> => {
    const client = await clientFor(role, errand.signal)
    const { AssumeRoleCommand } = await import('@aws-sdk/client-sts')
    const command = new AssumeRoleCommand(inputOf(role))
    let date: unknown
    command.middlewareStack.add(
      (next) => async (given) => {
        const result = await next(given)
        date = dateOf(result.response)
        return result
      },
      { step: 'deserialize' },
    )
    const what = `sts:AssumeRole of ${role.roleArn}`
    const send = (abortSignal: AbortSignal) => client.send(command, { abortSignal })
    const credentials = sessionIn(await askAws({ what, client, send, codeOf }, errand, surroundings), what)
    // The remaining time by STS's clock, added to the local clock.
    const obtainedAt = surroundings.now()
    const serverTime = typeof date === 'string' ? Date.parse(date) : Number.NaN
    const ends = obtainedAt + credentials.expiration.getTime() - (Number.isNaN(serverTime) ? obtainedAt : serverTime)
    return { value: credentials, renewAt: ends - renewBefore, expiresAt: ends - unusedBefore }
  }

  const session = (role: Role, signal: AbortSignal): Promise<SessionCredentials> =>
    sessions.take(keyOf(role), (errand) => obtain(role, errand), signal)

  return session
}

const inputOf = (role: Role): AssumeRoleCommandInput => ({
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
const keyOf = (role: Role): string => {
  const keys: unknown[] = []
  for (let link: Role | undefined = role; link; link = link.via) keys.push(inputOf(link))
  return JSON.stringify(keys)
}

const sessionIn = ({ Credentials: issued }: AssumeRoleCommandOutput, what: string): SessionCredentials => {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new ServiceError('AWS_UNREACHABLE', { cause: new Error(`${what}: response without credentials`) })
  }
  const shown = () => ({ accessKeyId: AccessKeyId, expiration: Expiration })
  return Object.defineProperties(
    {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    },
    { toJSON: { value: shown }, [inspect.custom]: { value: shown } },
  )
}

const codeOf = (errorType: string): ErrorCode | undefined => (errorType === 'AccessDenied' ? 'ROLE_DENIED' : undefined)

/** The Date header of the SDK's HTTP response. */
const dateOf = (response: unknown): unknown => (response as { headers?: Record<string, unknown> }).headers?.['date']
