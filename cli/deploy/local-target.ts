import { usageFailure } from '../command-failure.ts'
import { createLocalStackClient, type RunningService } from '../local-stack/local-stack-client.ts'
import type { DeployedService, DeployTarget } from './deploy-target.ts'
import { stageOfTemplate } from './deployed-stage.ts'

interface LocalDeployOptions {
  readonly url: string
  readonly stage: string
  /** Undefined: that of the stack. */
  readonly region: string | undefined
  /** Path of the access map. */
  readonly access: string
}

/** The running local stack, which runs one stage in one region. */
export const createLocalTarget = async ({ url, stage, region, access }: LocalDeployOptions): Promise<DeployTarget> => {
  const stack = createLocalStackClient(url)
  const runningService = await stack.service()
  if (runningService.stage !== stage) {
    const remedy = `Pass --stage ${runningService.stage}, or start another stack: npx snowgate start --stage ${stage} --port 0`
    throw usageFailure(`The local stack runs stage ${runningService.stage}, not ${stage}.`, remedy)
  }
  if (region !== undefined && runningService.region !== region) {
    const remedy = `Omit --region, or start another stack: npx snowgate start --region ${region} --port 0`
    throw usageFailure(`The local stack runs in region ${runningService.region}, not ${region}.`, remedy)
  }
  return {
    name: `the local stack at ${stack.url}`,
    region: runningService.region,
    currentStage: async () => stageOfTemplate(await stack.template()),
    deployedService: async () => toDeployedService(await stack.service(), stack.url),
    deploy: async ({ directory }) =>
      toDeployedService(await stack.deploy({ packageDirectory: directory, accessMap: access, stage }), stack.url),
  }
}

const toDeployedService = ({ accountId, region, apiUrl }: RunningService, localUrl: string): DeployedService => ({
  accountId,
  region,
  apiUrl,
  localUrl,
})
