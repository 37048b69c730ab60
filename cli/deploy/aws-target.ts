import { serviceName } from '../../shared/access/index.ts'
import { awsClientSettings } from '../aws/aws-settings.ts'
import { CommandFailure } from '../command-failure.ts'
import { runOsls } from '../osls/run-osls.ts'
import { type AwsLocation, type CloudFormationStack, createStackReader } from './cloudformation-stack.ts'
import type { DeployTarget } from './deploy-target.ts'
import { deployedApi } from './deployed-api.ts'
import { stageOfTemplate, typesIn } from './deployed-stage.ts'
import { awsCommandFailure, hintsForDeploymentError } from './deployment-errors.ts'
import { checkStackStatus } from './stack-status.ts'

interface AwsDeployOptions extends AwsLocation {
  readonly root: string
  readonly stage: string
  /** Path of the access map. */
  readonly access: string
  /** How far it is, a line at a time. */
  readonly progress: (line: string) => void
}

/** As osls names it. */
export const stackNameOf = (stage: string): string => `${serviceName}-${stage}`

/** An AWS account: whichever the credentials are of, at whichever endpoint `AWS_ENDPOINT_URL` names. */
export const createAwsTarget = async ({
  root,
  stage,
  access,
  progress,
  ...location
}: AwsDeployOptions): Promise<DeployTarget> => {
  const { accountId, arn } = await callerIdentityOf(location)
  const stackName = stackNameOf(stage)
  const stack = await createStackReader(stackName, location)
  return {
    name: `account ${accountId} in ${location.region}, as ${arn}`,
    region: location.region,
    currentStage: async () => {
      const state = await stack.status()
      if (!state) return 'not-deployed'
      checkStackStatus(state, stackName, { stage, action: 'deploy' })
      return stageOfTemplate(await stack.template())
    },
    deploy: async ({ directory, template }) => {
      const args = [
        'deploy',
        '--package',
        directory,
        '--param',
        `access=${access}`,
        ...oslsLocationFlags(stage, location),
      ]
      const { code, output } = await runOsls(root, args, { env: location.env, onLine: progress })
      if (code !== 0) {
        const { status = 'not created' } = (await stack.status()) ?? {}
        throw new CommandFailure(`The deployment failed. Stack ${stackName} is ${status}.`, {
          remedy: hintsForDeploymentError(output),
        })
      }
      // A stage whose callers only invoke functions has no API.
      const hasApi = typesIn(template).has('AWS::ApiGateway::RestApi')
      const apiUrl = hasApi ? await apiUrlOf(stack, { stage, region: location.region, accountId }, progress) : undefined
      return { accountId, region: location.region, apiUrl }
    },
    deployedService: async () => {
      if (!(await stack.status())) return undefined
      return {
        accountId,
        region: location.region,
        apiUrl: await apiUrlOf(stack, { stage, region: location.region, accountId }, progress),
      }
    },
  }
}

/** The stage is deployed by then: a missing output must not look like a failure. */
const apiUrlOf = async (
  stack: CloudFormationStack,
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
export const oslsLocationFlags = (stage: string, { region, profile }: AwsLocation): readonly string[] => [
  '--stage',
  stage,
  '--region',
  region,
  '--verbose',
  ...(profile === undefined ? [] : ['--aws-profile', profile]),
]

/** Said before anything is changed: a wrong profile is the costliest mistake of all. */
export const callerIdentityOf = async ({ region, ...from }: AwsLocation) => {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
  const client = new STSClient(awsClientSettings(from, region))
  try {
    const { Account = '', Arn = '' } = await client.send(new GetCallerIdentityCommand())
    return { accountId: Account, arn: Arn }
  } catch (error) {
    throw awsCommandFailure(
      error,
      `sts:GetCallerIdentity${from.profile === undefined ? '' : ` with the profile ${from.profile}`}`,
    )
  } finally {
    client.destroy()
  }
}
