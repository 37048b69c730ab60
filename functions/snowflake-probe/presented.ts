import { type Proof, publicHalfOf } from '../../shared/snowflake/index.ts'

/** Milliseconds. STS is asked beside the login; where a function has no way to it, the answer does not wait. */
const patience = 2_000

/**
 * Who a login presents: for a key pair user and fingerprint; for a role the ARN of its session as AWS tells it, or null where
 * AWS tells nothing in time.
 */
export const presented = async (proof: Proof, signal: AbortSignal): Promise<string | null> => {
  if (proof.kind === 'key-pair') return `${proof.user} with the key ${publicHalfOf(proof.privateKey).fingerprint}`
  const last = proof.impersonate?.at(-1)
  if (last !== undefined) return sessionOf(last)
  try {
    // Loaded for this alone; the thread of the driver is being loaded meanwhile.
    const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(patience)])
    const { Arn } = await new STSClient({ maxAttempts: 1 }).send(new GetCallerIdentityCommand(), { abortSignal })
    return Arn ?? null
  } catch {
    return null
  }
}

/** The driver names the session, and an ARN of a session has no path. */
const sessionOf = (roleArn: string): string =>
  roleArn.replace(
    /^(arn:[\w-]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/,
    '$1:sts::$2:assumed-role/$3/identity-federation-session',
  )
