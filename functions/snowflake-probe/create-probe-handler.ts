import { createKeyPairReader } from '../../shared/aws/key-pair-reader.ts'
import { type Environment, readVariables } from '../../shared/aws/lambda-environment.ts'
import { ServiceError } from '../../shared/errors/service-error.ts'
import type { Handler } from '../../shared/http/index.ts'
import {
  createDriverClient,
  type KeyPairLogin,
  parseLoginVariables,
  type SnowflakeCredential,
} from '../../shared/snowflake/index.ts'
import { diagnose } from './diagnose-failure.ts'
import { loginIdentity } from './login-identity.ts'
import { type ProbeDependencies, probe } from './probe.ts'

/** Creates the handler with the login of the environment, the driver, Parameter Store and STS. */
export const createProbeHandler = (env: Environment): Handler => {
  const login = parseLoginVariables(env)
  const authentication =
    login.login === 'key-pair' ? keyPairAuthentication(login, env) : workloadIdentityAuthentication(login, env)
  return probe({ login, client: createDriverClient(env), ...authentication, loginIdentity, diagnose })
}

type Authentication = Pick<ProbeDependencies, 'authenticate' | 'authenticateAgain'>

const workloadIdentityAuthentication = (
  { webIdentityToken, impersonate }: Exclude<ProbeDependencies['login'], KeyPairLogin>,
  { AWS_REGION }: Environment,
): Authentication => {
  const credential: SnowflakeCredential = {
    kind: 'workload-identity',
    ...(webIdentityToken && { webIdentityToken }),
    ...(impersonate && { impersonate }),
  }
  return {
    authenticate: async () => {
      // Without it, the driver would call the EC2 metadata service and wait.
      if (!AWS_REGION) throw new ServiceError('SNOWFLAKE_IDENTITY_UNUSABLE', { detail: 'AWS_REGION is not set.' })
      return credential
    },
    authenticateAgain: async () => undefined,
  }
}

const keyPairAuthentication = ({ user, privateKey, passphrase }: KeyPairLogin, env: Environment): Authentication => {
  const keyPairReader = createKeyPairReader(
    // In an ECS task, both secrets are environment variables.
    env['SECRET_KEY'] === undefined
      ? {
          parameters: { privateKey, ...(passphrase && { passphrase }) },
          aws: { region: readVariables(env, 'AWS_REGION').AWS_REGION },
        }
      : { variables: env },
  )
  const toCredential = (key: Awaited<ReturnType<typeof keyPairReader.getPrivateKey>>): SnowflakeCredential => ({
    kind: 'key-pair',
    user,
    privateKey: key,
  })
  return {
    authenticate: async (signal) => toCredential(await keyPairReader.getPrivateKey(signal)),
    authenticateAgain: async (rejected, signal) => {
      if (rejected.kind !== 'key-pair') return undefined
      const replacement = await keyPairReader.getReplacement(rejected.privateKey, signal)
      return replacement && toCredential(replacement)
    },
  }
}
