import { STSClient } from '@aws-sdk/client-sts'
import { CommandFailure } from '../command-failure.ts'
import type { Keys } from './keys.ts'

/**
 * Keys and region as every AWS tool finds them: the profile when one is named, else environment, shared files, SSO and the
 * rest of the SDK's chain.
 */
export const awsSettings = async (
  profile: string | undefined,
  remedy = 'Give --as <identity> for the local stack, --profile <name>, or the variables AWS_ACCESS_KEY_ID and so on.',
): Promise<{ readonly keys: Keys; readonly region: string | undefined }> => {
  const { config } = new STSClient(profile === undefined ? {} : { profile })
  const keys = await config.credentials().catch((cause: unknown) => {
    throw new CommandFailure(
      `There are no AWS credentials${profile === undefined ? '' : ` in profile ${profile}`}: ${messageOf(cause)}`,
      { remedy },
    )
  })
  // A missing region matters only where neither the host nor --region says one.
  const region = await config.region().catch(() => undefined)
  return { keys, region }
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))
