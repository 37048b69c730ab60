import { keyPair } from '../../shared/credentials/index.ts'
import { ServiceError } from '../../shared/errors/index.ts'
import type { Story } from '../../shared/http/index.ts'
import { type Environment, readVariables } from '../../shared/settings.ts'
import { createDriver, type KeyPairLogin, type Proof, readLogin } from '../../shared/snowflake/index.ts'
import { diagnose } from './diagnosis.ts'
import { presented } from './presented.ts'
import { type Needs, probe } from './probe.ts'

/** Creates the handler with the login of the environment, the driver, Parameter Store and STS. */
export const assembleProbe = (env: Environment): Story => {
  const login = readLogin(env)
  const proofs = login.login === 'key-pair' ? byKeyPair(login, env) : byWorkloadIdentity(login, env)
  return probe({ login, client: createDriver(env), ...proofs, presented, diagnose })
}

type Proofs = Pick<Needs, 'prove' | 'proveAnew'>

const byWorkloadIdentity = (
  { webIdentityToken, impersonate }: Exclude<Needs['login'], KeyPairLogin>,
  { AWS_REGION }: Environment,
): Proofs => {
  const proof: Proof = {
    kind: 'workload-identity',
    ...(webIdentityToken && { webIdentityToken }),
    ...(impersonate && { impersonate }),
  }
  return {
    prove: async () => {
      // Without it, the driver would call the EC2 metadata service and wait.
      if (!AWS_REGION) throw new ServiceError('SNOWFLAKE_IDENTITY_UNUSABLE', { detail: 'AWS_REGION is not set.' })
      return proof
    },
    proveAnew: async () => undefined,
  }
}

const byKeyPair = ({ user, privateKey, passphrase }: KeyPairLogin, env: Environment): Proofs => {
  const keys = keyPair(
    // In an ECS task, both secrets are environment variables.
    env['SECRET_KEY'] === undefined
      ? {
          parameters: { privateKey, ...(passphrase && { passphrase }) },
          aws: { region: readVariables(env, 'AWS_REGION').AWS_REGION },
        }
      : { variables: env },
  )
  const proofOf = (key: Awaited<ReturnType<typeof keys.privateKey>>): Proof => ({
    kind: 'key-pair',
    user,
    privateKey: key,
  })
  return {
    prove: async (signal) => proofOf(await keys.privateKey(signal)),
    proveAnew: async (refused, signal) => {
      if (refused.kind !== 'key-pair') return undefined
      const replacement = await keys.replacementOf(refused.privateKey, signal)
      return replacement && proofOf(replacement)
    },
  }
}
