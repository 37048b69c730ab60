import { usageFailure } from '../command-failure.ts'
import { openLocalStack, type Service } from '../local-stack/index.ts'
import { stageOfTemplate } from './deployed-stage.ts'
import type { Deployed, World } from './world.ts'

interface Order {
  readonly url: string
  readonly stage: string
  /** Undefined: that of the stack. */
  readonly region: string | undefined
  /** Path of the trust map. */
  readonly access: string
}

/** The running local stack, which plays one stage in one region. */
export const localWorld = async ({ url, stage, region, access }: Order): Promise<World> => {
  const stack = openLocalStack(url)
  const played = await stack.service()
  if (played.stage !== stage) {
    const remedy = `Pass --stage ${played.stage}, or start another stack: npx snowgate start --stage ${stage} --port 0`
    throw usageFailure(`The local stack runs stage ${played.stage}, not ${stage}.`, remedy)
  }
  if (region !== undefined && played.region !== region) {
    const remedy = `Omit --region, or start another stack: npx snowgate start --region ${region} --port 0`
    throw usageFailure(`The local stack runs in region ${played.region}, not ${region}.`, remedy)
  }
  return {
    name: `the local stack at ${stack.url}`,
    region: played.region,
    deployed: async () => stageOfTemplate(await stack.template()),
    where: async () => deployedAs(await stack.service(), stack.url),
    deploy: async ({ directory }) =>
      deployedAs(await stack.deploy({ packageDirectory: directory, accessMap: access, stage }), stack.url),
  }
}

const deployedAs = ({ accountId, region, apiUrl }: Service, localUrl: string): Deployed => ({
  accountId,
  region,
  apiUrl,
  localUrl,
})
