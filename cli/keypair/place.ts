import type { Environment } from '../../shared/settings.ts'
import { type KeyPairLogin, snowflakeUrl } from '../../shared/snowflake/index.ts'
import { callerOfStack } from '../call/index.ts'
import { CommandFailure, usageFailure } from '../command-failure.ts'
import type { LocalStack } from '../local-stack/index.ts'
import { awsEndpoint, awsSettings, faultOfKeys } from '../signing/index.ts'
import type { Means } from './means.ts'
import { openSecretStore } from './secret-store.ts'
import { tryLogin } from './try-login.ts'

/** Where the pair is stored, and where its user logs in. */
type Place = Pick<Means, 'store' | 'tryLogin'>

/** The Parameter Store of the local stack, as its `admin`. */
export const localPlace = async (stack: LocalStack, stage: string, login: KeyPairLogin): Promise<Place> => {
  const running = await stack.service()
  if (running.stage !== stage) {
    throw usageFailure(
      `The local stack runs stage ${running.stage}, not ${stage}.`,
      `Pass --stage ${running.stage}, or --aws for an AWS account.`,
    )
  }
  const { keys } = callerOfStack(await stack.identity('admin'))
  const { region } = running
  return {
    store: openSecretStore({ region, endpoint: stack.url, credentials: keys }, login),
    // Without the proxy that the environment may name, which cannot reach it.
    tryLogin: tryLogin(login, stack.url, {}),
  }
}

interface AwsOptions {
  readonly env: Environment
  readonly profile: string | undefined
  readonly region: string | undefined
}

/** That of an AWS account, found as every AWS tool finds it; AWS_ENDPOINT_URL is honoured. */
export const awsPlace = async ({ env, profile, region }: AwsOptions, login: KeyPairLogin): Promise<Place> => {
  const found = await awsSettings(
    { env, profile },
    'Pass --profile <name>, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
  )
  const wanted = region ?? found.region
  if (wanted === undefined) {
    throw usageFailure('Cannot determine the region of the deployment.', 'Pass --region, or set AWS_REGION.')
  }
  const fault = faultOfKeys(found.keys, new Date())
  if (fault) throw new CommandFailure(fault.message, { remedy: fault.remedy })
  const endpoint = awsEndpoint(env)
  return {
    store: openSecretStore({ region: wanted, credentials: found.keys, ...(endpoint && { endpoint }) }, login),
    tryLogin: tryLogin(login, snowflakeUrl(login.account, wanted), env),
  }
}
