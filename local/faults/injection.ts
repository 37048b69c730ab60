import { readFile, writeFile } from 'node:fs/promises'
import { lambdaFunctionName } from '../../shared/access/index.ts'
import type { ByHand } from '../by-hand.ts'
import type { Deployments } from '../deployments.ts'
import { domainNameOf } from '../gateway/index.ts'
import type { World } from '../world.ts'
import type { Fault, Scene } from './fault.ts'

export interface FaultInjectionDependencies {
  readonly world: World
  readonly deployments: Deployments
}

export interface InjectionOptions {
  /** Whether `withdraw` also writes the access map back, as the file is now: for a map that is a copy. */
  readonly restoreAccessMap: boolean
}

/** One fault at a time, in a stack that works. */
export interface FaultInjection {
  /**
   * Withdraws the fault before, and injects this one. What it changes in the access map is up to the client, who has the map.
   * @throws NothingToBreak
   */
  readonly inject: (fault: Fault, options: InjectionOptions) => Promise<void>
  /** Restores the state from before the injection, whatever was changed since, by the fault or by what was to fix it. */
  readonly withdraw: () => Promise<void>
}

export const createFaultInjection = ({ world, deployments }: FaultInjectionDependencies): FaultInjection => {
  let turn: Promise<unknown> = Promise.resolve()
  let restore = async (): Promise<void> => {}

  const withdraw = async (): Promise<void> => {
    await restore()
    restore = async () => {}
  }
  const inject = async (fault: Fault, { restoreAccessMap }: InjectionOptions): Promise<void> => {
    await withdraw()
    const { deployment, accessMapPath, map } = deployments.current()
    const { stage } = deployment.api
    const apiUrl = `https://${domainNameOf(deployment)}/${stage}`
    const scene: Scene = { stageName: stage, stage: map, place: world.place, apiUrl }
    const byHand = byHandOf(fault, scene)
    const accessMap = restoreAccessMap ? await readFile(accessMapPath) : undefined
    const restoreState = world.snapshot()
    const restoreDeployment = await deployments.change(byHand)
    restore = async () => {
      restoreState()
      if (accessMap) await writeFile(accessMapPath, accessMap)
      await restoreDeployment()
    }
    try {
      fault.stored?.(world.parameters, scene)
      for (const sql of fault.sql?.(scene) ?? []) await run(sql, world)
      if (fault.around) world.around.become(fault.around(scene))
    } catch (error) {
      await withdraw()
      throw error
    }
  }
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const working = turn.then(work)
    turn = working.catch(() => undefined)
    return working
  }
  return {
    inject: (fault, options) => inTurn(() => inject(fault, options)),
    withdraw: () => inTurn(withdraw),
  }
}

/** A function that has read a secret goes on with it: it starts anew where Parameter Store changes. */
const byHandOf = ({ byHand, stored }: Fault, scene: Scene): ByHand =>
  byHand?.(scene) ?? (stored ? { restarted: [lambdaFunctionName(scene.stageName, 'snowflake-probe')] } : {})

const run = async (sql: string, { snowflakeAccounts }: World): Promise<void> => {
  const [account] = snowflakeAccounts.all().values()
  const session = account?.snowflake.openSession({ user: 'LOCAL', role: 'ACCOUNTADMIN' })
  if (!session) throw new Error('The stage has no Snowflake account.')
  for await (const _ of session.execute(sql));
}
