import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandFailure } from '../command-failure.ts'
import { runOsls } from '../osls/index.ts'
import { oslsPlace, stackNameOf, whoDeploys } from './aws-world.ts'
import { openStack, type Place } from './cloudformation.ts'
import { type DeployedStage, stageOfTemplate } from './deployed-stage.ts'
import { hintsFor } from './failed-deployment.ts'
import { checkState } from './stack-state.ts'

interface Order extends Place {
  readonly root: string
  readonly stage: string
  readonly progress: (line: string) => void
}

/** A deployed stage of an account, to be taken away. */
export const removal = async ({ root, stage, progress, ...place }: Order) => {
  const { accountId, arn } = await whoDeploys(place)
  const stackName = stackNameOf(stage)
  const stack = await openStack(stackName, place)
  return {
    name: `account ${accountId} in ${place.region}, as ${arn}`,
    deployed: async (): Promise<DeployedStage | 'not-deployed' | 'unknown'> => {
      const state = await stack.state()
      if (!state) {
        throw new CommandFailure(`Stack ${stackName} does not exist in account ${accountId}, region ${place.region}.`, {
          remedy: 'Check --region and --profile.',
        })
      }
      checkState(state, stackName, { stage, action: 'remove' })
      return stageOfTemplate(await stack.template())
    },
    remove: async (): Promise<void> => {
      await using map = await anyMap(stage)
      const args = ['remove', '--param', `access=${map.path}`, ...oslsPlace(stage, place)]
      const { code, said } = await runOsls(root, args, { env: place.env, onLine: progress })
      if (code !== 0) throw new CommandFailure('The removal failed.', { remedy: hintsFor(said) })
    },
  }
}

/** osls wants a whole service to remove one, and looks at its name alone; the stage may be on no map any more. */
const anyMap = async (stage: string) => {
  const folder = await mkdtemp(join(tmpdir(), 'snowgate-'))
  const path = join(folder, 'access.yml')
  await writeFile(path, `${stage}:\n  callers:\n    placeholder:\n      routes: [GET /hello]\n`)
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}
