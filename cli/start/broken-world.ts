import type { LocalStack } from '../local-stack/index.ts'
import { readStage } from '../read-stage.ts'
import type { Plan } from './faults.ts'
import type { MapCopy } from './map-copy.ts'
import { setUpWhole } from './whole-world.ts'

export interface BrokenWorld {
  readonly stack: LocalStack
  readonly stageName: string
  readonly fault: string
  readonly plan: Plan
  /** From which the stack was started. */
  readonly map: MapCopy
  /** Packages the service with the map as it is now; the folder of the package. */
  readonly packageMap: () => Promise<string>
}

/** Sets the world up whole, and breaks the one thing. */
export const breakIt = async ({ stack, stageName, fault, plan, map, packageMap }: BrokenWorld): Promise<void> => {
  await setUpWhole(stack, stageName, readStage(map.path, stageName))
  await stack.breakBy(fault)
  await map.edit(stageName, plan.edits)
  if (plan.deployed) {
    await stack.deploy({ packageDirectory: await packageMap(), accessMap: map.path, stage: stageName })
  }
}
