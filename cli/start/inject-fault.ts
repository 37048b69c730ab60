import type { LocalStackClient } from '../local-stack/local-stack-client.ts'
import type { AccessMapCopy } from './access-map-copy.ts'
import type { FaultPlan } from './fault-plan.ts'

export interface FaultOrder {
  readonly stack: LocalStackClient
  readonly stageName: string
  readonly fault: string
  readonly plan: FaultPlan
  /** From which the stack was started. */
  readonly map: AccessMapCopy
  /** Packages the service with the map as it is now; the folder of the package. */
  readonly packageMap: () => Promise<string>
}

/** Injects a fault into a configured stack. The stack injects it, but for what is written into the map. */
export const injectFault = async ({ stack, stageName, fault, plan, map, packageMap }: FaultOrder): Promise<void> => {
  await stack.injectFault(fault)
  await map.edit(stageName, plan.edits)
  if (plan.deployed) {
    await stack.deploy({ packageDirectory: await packageMap(), accessMap: map.path, stage: stageName })
  }
}
