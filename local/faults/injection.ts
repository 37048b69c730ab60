import { readFile, writeFile } from 'node:fs/promises'
import { lambdaFunctionName } from '../../shared/access/index.ts'
import type { ManualChanges } from '../deployment/manual-drift.ts'
import type { Deployments } from '../deployment/replace-deployment.ts'
import { domainNameOf } from '../services/apigateway/index.ts'
import type { StackState } from '../state.ts'
import type { Fault, FaultContext } from './fault.ts'

export interface FaultInjectionDependencies {
  readonly state: StackState
  readonly deployments: Deployments
}

export interface InjectionOptions {
  /** Whether `withdraw` also writes the access map back, as the file is now: for a map that is a copy. */
  readonly restoreAccessMap: boolean
}

/** Injects one fault at a time. */
export interface FaultInjection {
  /**
   * Withdraws the previous fault, then injects this one. The client edits the access map.
   * @throws FaultNotApplicable
   */
  readonly inject: (fault: Fault, options: InjectionOptions) => Promise<void>
  /** Restores the state from before the injection, whatever the fault or fixes have changed since. */
  readonly withdraw: () => Promise<void>
}

export const createFaultInjection = ({ state, deployments }: FaultInjectionDependencies): FaultInjection => {
  let turn: Promise<unknown> = Promise.resolve()
  let restore = async (): Promise<void> => {}

  const withdraw = async (): Promise<void> => {
    await restore()
    restore = async () => {}
  }
  const inject = async (fault: Fault, { restoreAccessMap }: InjectionOptions): Promise<void> => {
    await withdraw()
    const { deployment, accessMapPath, accessStage } = deployments.current()
    const { stage } = deployment.api
    const apiUrl = `https://${domainNameOf(deployment)}/${stage}`
    const context: FaultContext = { stageName: stage, stage: accessStage, location: state.location, apiUrl }
    const manualChanges = manualChangesOf(fault, context)
    const accessMap = restoreAccessMap ? await readFile(accessMapPath) : undefined
    const restoreState = state.snapshot()
    const restoreDeployment = await deployments.change(manualChanges)
    restore = async () => {
      restoreState()
      if (accessMap) await writeFile(accessMapPath, accessMap)
      await restoreDeployment()
    }
    try {
      fault.changeParameters?.(state.parameters, context)
      for (const sql of fault.sql?.(context) ?? []) await runAsAdmin(sql, state)
      if (fault.faultState) state.activeFaults.set(fault.faultState(context))
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

/** A function caches a secret that it has read, so it restarts when Parameter Store changes. */
const manualChangesOf = ({ manualChanges, changeParameters }: Fault, context: FaultContext): ManualChanges =>
  manualChanges?.(context) ??
  (changeParameters ? { restarted: [lambdaFunctionName(context.stageName, 'snowflake-probe')] } : {})

const runAsAdmin = async (sql: string, { snowflakeAccounts }: StackState): Promise<void> => {
  const [account] = snowflakeAccounts.all().values()
  const session = account?.engine.openSession({ user: 'LOCAL', role: 'ACCOUNTADMIN' })
  if (!session) throw new Error('The stage has no Snowflake account.')
  for await (const _ of session.execute(sql));
}
