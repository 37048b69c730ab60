import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandFailure } from '../command-failure.ts'
import { runOsls } from '../osls/run-osls.ts'
import { callerIdentityOf, oslsLocationFlags, stackNameOf } from './aws-target.ts'
import { type AwsLocation, createStackReader } from './cloudformation-stack.ts'
import { type DeployedStage, stageOfTemplate } from './deployed-stage.ts'
import { hintsForDeploymentError } from './deployment-errors.ts'
import { checkStackStatus } from './stack-status.ts'

interface RemoveOptions extends AwsLocation {
  readonly root: string
  readonly stage: string
  readonly progress: (line: string) => void
}

/** A deployed stage of an account, to be taken away. */
export const prepareRemoval = async ({ root, stage, progress, ...location }: RemoveOptions) => {
  const { accountId, arn } = await callerIdentityOf(location)
  const stackName = stackNameOf(stage)
  const stack = await createStackReader(stackName, location)
  return {
    name: `account ${accountId} in ${location.region}, as ${arn}`,
    deployed: async (): Promise<DeployedStage | 'not-deployed' | 'unknown'> => {
      const state = await stack.status()
      if (!state) {
        throw new CommandFailure(
          `Stack ${stackName} does not exist in account ${accountId}, region ${location.region}.`,
          {
            remedy: 'Check --region and --profile.',
          },
        )
      }
      checkStackStatus(state, stackName, { stage, action: 'remove' })
      return stageOfTemplate(await stack.template())
    },
    remove: async (): Promise<void> => {
      await using map = await placeholderMap(stage)
      const args = ['remove', '--param', `access=${map.path}`, ...oslsLocationFlags(stage, location)]
      const { code, output } = await runOsls(root, args, { env: location.env, onLine: progress })
      if (code !== 0) throw new CommandFailure('The removal failed.', { remedy: hintsForDeploymentError(output) })
    },
  }
}

/** osls removes a stage by its name and still requires a complete service; the stage may be missing in the access map. */
const placeholderMap = async (stage: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'snowgate-'))
  const path = join(folder, 'access.yml')
  await writeFile(path, `${stage}:\n  callers:\n    placeholder:\n      routes: [GET /hello]\n`)
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}
