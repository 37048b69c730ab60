import { type Proof, publicHalfOf } from '../../shared/snowflake/index.ts'

/** Milliseconds. The STS call runs in parallel with the login; without a route to STS, the response does not wait. */
const patience = 2_000

/**
 * The identity of a login: user and fingerprint for a key pair; the session ARN from STS for a role, or null if
 * STS does not respond in time.
 */
export const presented = async (proof: Proof, signal: AbortSignal): Promise<string | null> => {
  if (proof.kind === 'key-pair') return `${proof.user} with the key ${publicHalfOf(proof.privateKey).fingerprint}`
  const last = proof.impersonate?.at(-1)
  if (last !== undefined) return sessionOf(last)
  try {
    // Loaded only here, while the driver thread loads.
    const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(patience)])
    const { Arn } = await new STSClient({ maxAttempts: 1 }).send(new GetCallerIdentityCommand(), { abortSignal })
    return Arn ?? null
  } catch {
    return null
  }
}

/** The driver's fixed session name. A session ARN has no path. */
const sessionOf = (roleArn: string): string =>
  roleArn.replace(
    /^(arn:[\w-]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/,
    '$1:sts::$2:assumed-role/$3/identity-federation-session',
  )
