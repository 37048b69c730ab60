import { type SnowflakeCredential, toSnowflakePublicKey } from '../../shared/snowflake/index.ts'

/** Milliseconds. The STS call runs in parallel with the login; without a route to STS, the response does not wait. */
const stsTimeoutMs = 2_000

/**
 * The identity of a login: user and fingerprint for a key pair; the session ARN from STS for a role, or null if
 * STS does not respond in time.
 */
export const loginIdentity = async (credential: SnowflakeCredential, signal: AbortSignal): Promise<string | null> => {
  if (credential.kind === 'key-pair')
    return `${credential.user} with the key ${toSnowflakePublicKey(credential.privateKey).fingerprint}`
  const last = credential.impersonate?.at(-1)
  if (last !== undefined) return toSessionArn(last)
  try {
    // Loaded only here, while the driver thread loads.
    const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(stsTimeoutMs)])
    const { Arn } = await new STSClient({ maxAttempts: 1 }).send(new GetCallerIdentityCommand(), { abortSignal })
    return Arn ?? null
  } catch {
    return null
  }
}

/** The driver's fixed session name. A session ARN has no path. */
const toSessionArn = (roleArn: string): string =>
  roleArn.replace(
    /^(arn:[\w-]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/,
    '$1:sts::$2:assumed-role/$3/identity-federation-session',
  )
