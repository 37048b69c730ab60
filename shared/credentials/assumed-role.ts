import { inspect } from 'node:util'
import type { AssumeRoleCommandInput, AssumeRoleCommandOutput, STSClient } from '@aws-sdk/client-sts'
import { type ErrorCode, ServiceError } from '../errors/index.ts'
import type { Credentials } from '../signing/index.ts'
import { askAws } from './ask-aws.ts'
import { createFresh, type Errand, type Lease } from './fresh.ts'
import { type AwsSettings, clientConfig, realSurroundings, type Surroundings } from './surroundings.ts'

/** What AssumeRole is asked. https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export interface Role {
  readonly roleArn: string
  /** Shown by CloudTrail in the role's account: 2 to 64 of `[\w+=,.@-]`. */
  readonly sessionName: string
  readonly externalId?: string
  /** Seconds, 900 to the role's maximum; 3,600 if absent, and at most 3,600 with `via`. */
  readonly durationSeconds?: number
  /** A policy as JSON text: the session may do what it and the role both allow. */
  readonly policy?: string
  /** Trust must allow sts:TagSession. */
  readonly tags?: Readonly<Record<string, string>>
  readonly transitiveTags?: readonly string[]
  /** Trust must allow sts:SetSourceIdentity. Cannot be changed along a chain. */
  readonly sourceIdentity?: string
  /** The role to assume first, whose session then assumes this one. */
  readonly via?: Role
}

/** Of a session. Neither JSON nor `console.log` shows the secrets in it; a copy by `...` would. */
export interface SessionCredentials extends Credentials {
  readonly sessionToken: string
  /** On the clock of AWS. */
  readonly expiration: Date
}

/** Milliseconds before its end: a session is renewed in the background; it is given out no more. */
const renewBefore = 300_000
const unusedBefore = 60_000

/**
 * Gives sessions of roles, each asked for once and kept until shortly before its end. The signal is the caller's deadline.
 *
 * Throws ServiceErrors: ROLE_DENIED, AWS_REQUEST_REFUSED and OWN_CREDENTIALS_UNUSABLE last; AWS_THROTTLED and
 * AWS_UNREACHABLE pass.
 */
export const assumedRole = (settings: AwsSettings, surroundings: Surroundings = realSurroundings) => {
  const sessions = createFresh<SessionCredentials>(surroundings.now)
  let own: STSClient | undefined

  const clientFor = async ({ via }: Role, signal: AbortSignal): Promise<STSClient> => {
    // Loaded with the first role: it would take a third of a cold start.
    const { STSClient } = await import('@aws-sdk/client-sts')
    own ??= new STSClient(clientConfig(settings))
    if (!via) return own
    const credentials = await session(via, signal)
    const { requestHandler, systemClockOffset } = own.config // its connections, and what it learnt of the clock
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
    // Its time left, by the clock that set its end; from here on the own clock measures it.
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

/** Everything that STS is asked, all along the chain: whoever shares a key shares a session. */
const keyOf = (role: Role): string => {
  const keys: unknown[] = []
  for (let link: Role | undefined = role; link; link = link.via) keys.push(inputOf(link))
  return JSON.stringify(keys)
}

const sessionIn = ({ Credentials: issued }: AssumeRoleCommandOutput, what: string): SessionCredentials => {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued ?? {}
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
    throw new ServiceError('AWS_UNREACHABLE', { cause: new Error(`${what}: an answer without credentials`) })
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

/** The Date header of an answer of the SDK's transport. */
const dateOf = (response: unknown): unknown => (response as { headers?: Record<string, unknown> }).headers?.['date']
