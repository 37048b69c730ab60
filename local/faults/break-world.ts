import type { Deployments } from '../deployments.ts'
import { domainNameOf } from '../gateway/index.ts'
import type { World } from '../world.ts'
import type { Fault, Scene } from './fault.ts'

export interface Breaking {
  readonly world: World
  readonly deployments: Deployments
}

/** Breaks the one thing in a world that was set up whole; what is written into the map is for whoever has the map. */
export const breakWorld = async (fault: Fault, { world, deployments }: Breaking): Promise<void> => {
  const { deployment, deploymentPackage, accessMapPath, map } = deployments.current()
  const { stage } = deployment.api
  const apiUrl = `https://${domainNameOf(deployment)}/${stage}`
  const scene: Scene = { stageName: stage, stage: map, place: world.place, apiUrl }

  const byHand = fault.byHand?.(scene)
  if (byHand) {
    await deployments.deploy({ packageDirectory: deploymentPackage.directory, accessMapPath, byHand })
  }
  fault.stored?.(world.parameters, scene)
  for (const sql of fault.sql?.(scene) ?? []) await run(sql, world)
  if (fault.around) world.around.become(fault.around(scene))
}

const run = async (sql: string, { snowflakeAccounts }: World): Promise<void> => {
  const [account] = snowflakeAccounts.all().values()
  const session = account?.snowflake.openSession({ user: 'LOCAL', role: 'ACCOUNTADMIN' })
  if (!session) throw new Error('The stage has no Snowflake account.')
  for await (const _ of session.execute(sql));
}
