import type { Environment } from '../../shared/aws/lambda-environment.ts'
import {
  createDriverClient,
  type KeyPairLogin,
  SnowflakeDriverError,
  snowflakeUrl,
} from '../../shared/snowflake/index.ts'
import { awsEndpoint, awsSettings } from '../aws/aws-settings.ts'
import { findCredentialsFault } from '../aws/pasted-credentials.ts'
import { callerForIdentity } from '../call/caller-credentials.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import type { LocalStackClient } from '../local-stack/local-stack-client.ts'
import type { KeypairContext } from './keypair-context.ts'
import { createSecretStore } from './parameter-store.ts'

/** The store of the pair, and the login of its user. */
type KeypairBackend = Pick<KeypairContext, 'store' | 'tryLogin'>

/** The Parameter Store of the local stack, as its `admin`. */
export const localKeypairBackend = async (
  stack: LocalStackClient,
  stage: string,
  login: KeyPairLogin,
): Promise<KeypairBackend> => {
  const runningService = await stack.service()
  if (runningService.stage !== stage) {
    throw usageFailure(
      `The local stack runs stage ${runningService.stage}, not ${stage}.`,
      `Pass --stage ${runningService.stage}, or --aws for an AWS account.`,
    )
  }
  const { keys } = callerForIdentity(await stack.identity('admin'))
  const { region } = runningService
  return {
    store: createSecretStore({ region, endpoint: stack.url, credentials: keys }, login),
    // Without the proxy of the environment, which cannot reach it.
    tryLogin: tryLogin(login, stack.url, {}),
  }
}

interface AwsKeypairOptions {
  readonly env: Environment
  readonly profile: string | undefined
  readonly region: string | undefined
}

/** The Parameter Store of an AWS account, with the AWS SDK credential chain and AWS_ENDPOINT_URL. */
export const awsKeypairBackend = async (
  { env, profile, region }: AwsKeypairOptions,
  login: KeyPairLogin,
): Promise<KeypairBackend> => {
  const settings = await awsSettings(
    { env, profile },
    'Pass --profile <name>, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  )
  const regionName = region ?? settings.region
  if (regionName === undefined) {
    throw usageFailure('Cannot determine the region of the deployment.', 'Pass --region, or set AWS_REGION.')
  }
  const fault = findCredentialsFault(settings.keys, new Date())
  if (fault) throw new CommandFailure(fault.message, { remedy: fault.remedy })
  const endpoint = awsEndpoint(env)
  return {
    store: createSecretStore({ region: regionName, credentials: settings.keys, ...(endpoint && { endpoint }) }, login),
    tryLogin: tryLogin(login, snowflakeUrl(login.account, regionName), env),
  }
}

/** Milliseconds. A first login has been seen to take 9 seconds. */
const loginTimeoutMs = 20_000

/** A real login of the user with the driver of the service. */
const tryLogin =
  ({ account, user }: KeyPairLogin, url: string, env: Environment): KeypairContext['tryLogin'] =>
  async (privateKey) => {
    const credential = { kind: 'key-pair', user, privateKey } as const
    const connection = { url, account, credential }
    try {
      await createDriverClient(env).runOnce({
        connection,
        statement: 'SELECT CURRENT_USER()',
        timeoutMs: loginTimeoutMs,
      })
      return true
    } catch (failure) {
      if (!(failure instanceof SnowflakeDriverError)) throw failure
      const { error } = failure.failure
      return error
        ? [error.code, error.message].filter(Boolean).join(': ')
        : `No response within ${loginTimeoutMs / 1_000} s.`
    }
  }
