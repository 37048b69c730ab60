import { startNeptune } from './neptune.ts'
import { startSecondApi } from './second-api.ts'
import { startSignedEcho } from './signed-echo.ts'
import type { StandIn, StandInNeeds } from './stand-in.ts'
import type { Target } from './target.ts'
import { apiStage, targetAccount } from './target-account.ts'

interface Needs extends Pick<StandInNeeds, 'findKey' | 'identifiers' | 'journal' | 'now'> {
  readonly targets: readonly Target[]
  /** The execution role that calls them. */
  readonly invokerRoleArn: string
  /** The service's own account. */
  readonly serviceAccount: string
}

export interface RunningTargets {
  /** By the target's name: what takes the place of its url. */
  readonly urls: ReadonlyMap<string, string>
  readonly stop: () => Promise<void>
}

/** A stand-in for each target of a stage, each on a port of its own. */
export const startTargets = async ({ targets, ...needs }: Needs): Promise<RunningTargets> => {
  const started = await Promise.all(
    targets.map(async (target) => ({ target, standIn: await startTarget(target, needs) })),
  )
  return {
    urls: new Map(started.map(({ target, standIn }) => [target.name, standIn.url])),
    stop: async () => {
      await Promise.all(started.map(({ standIn }) => standIn.stop()))
    },
  }
}

const startTarget = (
  target: Target,
  { invokerRoleArn, serviceAccount, ...around }: Omit<Needs, 'targets'>,
): Promise<StandIn> => {
  const needs = { ...around, target, accountId: targetAccount(target, serviceAccount) }
  if (target.service === 'neptune-db') return startNeptune(needs)
  // One stage is what a gateway here can serve; a custom domain may show none.
  const stage = target.service === 'execute-api' ? apiStage(target) : undefined
  if (stage !== undefined) return startSecondApi({ ...needs, stage, admits: target.roleArn ?? invokerRoleArn })
  return startSignedEcho(needs)
}
