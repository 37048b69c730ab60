import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../shared/aws/lambda-environment.ts'
import { CommandFailure } from '../command-failure.ts'
import type { AwsKeys } from './pasted-credentials.ts'

/** Account and region of a command: from its profile, and from the environment. */
export interface AwsProfile {
  readonly env: Environment
  readonly profile: string | undefined
}

/**
 * Keys and region as every AWS tool finds them: the profile when one is named, else environment, shared files, SSO and the
 * rest of the SDK's chain.
 */
export const awsSettings = async (
  from: AwsProfile,
  remedy = 'Pass --as <identity> for the local stack or --profile <name>, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
): Promise<{ readonly keys: AwsKeys; readonly region: string | undefined }> => {
  const { profile } = from
  const keys = await awsKeys(from)().catch((cause: unknown) => {
    throw new CommandFailure(
      `No AWS credentials found${profile === undefined ? '' : ` in profile ${profile}`}: ${messageOf(cause)}`,
      { remedy },
    )
  })
  // A missing region matters only if neither the host nor --region has one.
  return { keys, region: await awsRegion(from) }
}

/** The settings of a client of the SDK, which by itself would read them from the process. */
export const awsClientSettings = (from: AwsProfile, region: string) => {
  const endpoint = awsEndpoint(from.env)
  return {
    region,
    credentials: awsKeys(from),
    ...(from.profile !== undefined && { profile: from.profile }),
    ...(endpoint !== undefined && { endpoint }),
  }
}

/**
 * The endpoint of every service, if the environment sets one. The SDK itself reads endpoints of single services, and
 * AWS_IGNORE_CONFIGURED_ENDPOINT_URLS. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 */
export const awsEndpoint = (env: Environment): string | undefined => {
  const isMoreSpecial = (name: string) =>
    name.startsWith('AWS_ENDPOINT_URL_') || name === 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'
  return Object.keys(env).some(isMoreSpecial) ? undefined : env['AWS_ENDPOINT_URL'] || undefined
}

/** What the SDK's own provider reads from the process, and in its order. */
const awsKeys =
  ({ env, profile = env['AWS_PROFILE'] }: AwsProfile) =>
  async (): Promise<AwsKeys> => {
    const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
    if (!profile && accessKeyId && secretAccessKey) {
      const { AWS_SESSION_TOKEN: sessionToken, AWS_CREDENTIAL_EXPIRATION: expiration } = env
      return {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken && { sessionToken }),
        ...(expiration && { expiration: new Date(expiration) }),
      }
    }
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node')
    const { AWS_REGION: region } = env
    const endpoint = awsEndpoint(env)
    // Of the STS that a profile with a role calls.
    const clientConfig = { ...(region && { region }), ...(endpoint !== undefined && { endpoint }) }
    return defaultProvider({ ...(profile && { profile }), ...sharedFiles(env), clientConfig })()
  }

const awsRegion = async ({ env, profile }: AwsProfile): Promise<string | undefined> => {
  if (env['AWS_REGION']) return env['AWS_REGION']
  const { loadSharedConfigFiles } = await import('@smithy/core/config')
  const { configFile, credentialsFile } = await loadSharedConfigFiles(sharedFiles(env))
  const name = profile ?? env['AWS_PROFILE'] ?? 'default'
  return credentialsFile[name]?.['region'] ?? configFile[name]?.['region']
}

const sharedFiles = ({ HOME: home = homedir(), ...env }: Environment) => ({
  filepath: env['AWS_SHARED_CREDENTIALS_FILE'] || join(home, '.aws', 'credentials'),
  configFilepath: env['AWS_CONFIG_FILE'] || join(home, '.aws', 'config'),
})

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))
