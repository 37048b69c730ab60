import { serviceName } from '../../shared/access/index.ts'
import { CommandFailure } from '../command-failure.ts'
import { runOsls } from '../osls/index.ts'
import { deployedApi } from '../setup/index.ts'
import { awsClientSettings } from '../signing/index.ts'
import { awsFailure } from './aws-failure.ts'
import { openStack, type Place, type Stack } from './cloudformation.ts'
import { stageOfTemplate, typesIn } from './deployed-stage.ts'
import { hintsFor } from './failed-deployment.ts'
import { checkState } from './stack-state.ts'
import type { World } from './world.ts'

interface Order extends Place {
  readonly root: string
  readonly stage: string
  /** Path of the trust map. */
  readonly access: string
  /** How far it is, a line at a time. */
  readonly progress: (line: string) => void
}

/** As osls names it. */
export const stackNameOf = (stage: string): string => `${serviceName}-${stage}`

/** An AWS account: whichever the credentials are of, at whichever endpoint `AWS_ENDPOINT_URL` names. */
export const awsWorld = async ({ root, stage, access, progress, ...place }: Order): Promise<World> => {
  const { accountId, arn } = await whoDeploys(place)
  const stackName = stackNameOf(stage)
  const stack = await openStack(stackName, place)
  return {
    name: `account ${accountId} in ${place.region}, as ${arn}`,
    region: place.region,
    deployed: async () => {
      const state = await stack.state()
      if (!state) return 'not-deployed'
      checkState(state, stackName, { stage, action: 'deploy' })
      return stageOfTemplate(await stack.template())
    },
    deploy: async ({ directory, template }) => {
      const args = ['deploy', '--package', directory, '--param', `access=${access}`, ...oslsPlace(stage, place)]
      const { code, said } = await runOsls(root, args, { env: place.env, onLine: progress })
      if (code !== 0) {
        const { status = 'not created' } = (await stack.state()) ?? {}
        throw new CommandFailure(`The deployment failed. Stack ${stackName} is ${status}.`, {
          remedy: hintsFor(said),
        })
      }
      // A stage whose callers only invoke functions has no API.
      const hasApi = typesIn(template).has('AWS::ApiGateway::RestApi')
      const apiUrl = hasApi ? await apiUrlOf(stack, { stage, region: place.region, accountId }, progress) : undefined
      return { accountId, region: place.region, apiUrl }
    },
    where: async () => {
      if (!(await stack.state())) return undefined
      return {
        accountId,
        region: place.region,
        apiUrl: await apiUrlOf(stack, { stage, region: place.region, accountId }, progress),
      }
    },
  }
}

/** It is deployed by then: that nobody tells where must not look like a failure. */
const apiUrlOf = async (
  stack: Stack,
  { stage, region, accountId }: Parameters<typeof deployedApi>[1],
  warn: (line: string) => void,
) => {
  const unknown = (why: string) => warn(`Deployed. The API URL is unknown: ${why}`)
  try {
    const apiId = await stack.idOf('ApiGatewayRestApi')
    if (apiId) return deployedApi(apiId, { stage, region, accountId }).url
    unknown('the stack has no ApiGatewayRestApi resource.')
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    unknown(error.message)
  }
  return undefined
}

/** The flags that every command of osls takes. */
export const oslsPlace = (stage: string, { region, profile }: Place): readonly string[] => [
  '--stage',
  stage,
  '--region',
  region,
  '--verbose',
  ...(profile === undefined ? [] : ['--aws-profile', profile]),
]

/** Said before anything is changed: a wrong profile is the costliest mistake of all. */
export const whoDeploys = async ({ region, ...from }: Place) => {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
  const client = new STSClient(awsClientSettings(from, region))
  try {
    const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand())
    return { accountId: Account, arn: Arn }
  } catch (error) {
    throw awsFailure(
      error,
      `sts:GetCallerIdentity${from.profile === undefined ? '' : ` with the profile ${from.profile}`}`,
    )
  } finally {
    client.destroy()
  }
}
