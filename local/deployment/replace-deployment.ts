import { createIdentities, type LocalIdentity, localSnowflakeKey } from '../identities/index.ts'
import { customerKey } from '../services/ssm/index.ts'
import type { StackState } from '../state.ts'
import { type ActiveDeployment, prepareDeployment, stackMismatchError } from './active-deployment.ts'
import { type DeploymentPackage, openDeploymentPackage } from './deployment-package.ts'
import type { ManualChanges } from './manual-drift.ts'

/** What to deploy. */
export interface RedeployRequest {
  /** The folder that `osls package` filled. */
  readonly packageDirectory: string
  /** The access map that the template was compiled from; the local identities are derived from it. */
  readonly accessMapPath: string
  /** The stage; absent: the one that the stack runs. */
  readonly stage?: string
}

export interface CurrentDeployment extends ActiveDeployment {
  readonly identities: readonly LocalIdentity[]
}

export interface Deployments {
  readonly current: () => CurrentDeployment
  /** Replaces the current deployment; when it throws, nothing has changed. Runs one at a time. */
  readonly deploy: (request: RedeployRequest) => Promise<CurrentDeployment>
  /**
   * Applies manual changes to the deployment. The function that it returns makes current again what was before, whatever
   * was deployed since; until then that is kept ready, with its functions.
   */
  readonly change: (manualChanges: ManualChanges) => Promise<() => Promise<void>>
  readonly stop: () => Promise<void>
}

/** Takes the first package over. */
export const startDeployments = async (
  first: DeploymentPackage,
  accessMapPath: string,
  state: StackState,
): Promise<Deployments> => {
  const retiring = new Set<ActiveDeployment>()
  let baseline: ActiveDeployment | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let current = await activateDeployment(await prepareDeployment(first, accessMapPath, state), state)

  const replace = async (request: RedeployRequest): Promise<CurrentDeployment> => {
    const { stage } = current.deployment.api
    if (request.stage !== undefined && request.stage !== stage) throw stackMismatchError('stage', request.stage, stage)
    const opened = await openDeploymentPackage(request.packageDirectory)
    const prepared = await prepareDeployment(opened, request.accessMapPath, state, {
      expectedStage: stage,
    })
    const previous = current
    await deleteLeftovers(prepared)
    current = await activateDeployment(prepared, state)
    retireInBackground(previous)
    return current
  }
  const change = async (manualChanges: ManualChanges) => {
    const previous = current
    current = await activateDeployment(await previous.changedBy(manualChanges), state)
    baseline = previous
    return () => inTurn(() => restore(previous))
  }
  const restore = async (deployment: ActiveDeployment): Promise<void> => {
    const previous = current
    current = await activateDeployment(deployment, state)
    baseline = undefined
    retireInBackground(previous)
  }
  const retireInBackground = (previous: ActiveDeployment): void => {
    retiring.add(previous)
    retirePrevious(previous).catch((error: unknown) =>
      state.print(`    what was deployed before did not end well: ${error}`),
    )
  }
  /** Requests in flight end in the deployment they began in. Its tables are deleted after them, unless another deployment has them. */
  const retirePrevious = async (previous: ActiveDeployment): Promise<void> => {
    await previous.retire()
    retiring.delete(previous)
    await inTurn(() => state.dynamodb.retain(tablesInUse()))
  }
  /**
   * CloudFormation deletes a table with the deployment that no longer has it. When a later deployment has a table of that
   * name again, it's a new table and empty, even if requests in flight still use the old one.
   */
  const deleteLeftovers = async (next: ActiveDeployment): Promise<void> => {
    const existing = tableNames(baseline ? [current, baseline] : [current])
    const required = tableNames([next])
    await state.dynamodb.retain(
      tablesInUse().filter(({ definition: { TableName } }) => existing.has(TableName) || !required.has(TableName)),
    )
  }
  const tablesInUse = () => [current, ...unstopped()].flatMap(({ deployment }) => deployment.tables)

  /** What is not current and not stopped either. */
  const unstopped = () => [...retiring, ...(baseline ? [baseline] : [])]
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const working = queue.then(work)
    queue = working.catch(() => undefined)
    return working
  }

  return {
    current: () => current,
    deploy: (request) => inTurn(() => replace(request)),
    change: (manualChanges) => inTurn(() => change(manualChanges)),
    stop: async () => {
      await queue
      await Promise.all([current, ...unstopped()].map(({ stop }) => stop()))
    },
  }
}

const tableNames = (deployments: readonly ActiveDeployment[]): ReadonlySet<string> =>
  new Set(deployments.flatMap(({ deployment }) => deployment.tables.map(({ definition }) => definition.TableName)))

/** Last steps: tables first, which may fail; then roles, Snowflake accounts and identities. */
const activateDeployment = async (next: ActiveDeployment, state: StackState): Promise<CurrentDeployment> => {
  const { accessMap, deployment, accessStage, roles, withoutDrift: written } = next
  try {
    await state.dynamodb.add(deployment.tables)
  } catch (error) {
    await next.stop()
    throw error
  }
  const { keyRing, parameters, identityKeys, location, snowflakeAccounts } = state
  keyRing.replaceRoles(roles)
  const identities = createIdentities({
    accessMap,
    deployment: written,
    keys: identityKeys,
    snowflakeUserOf: snowflakeAccounts.iamUserArn,
  })
  snowflakeAccounts.openAccounts(accessStage, identities, () => localSnowflakeKey(location.partition, identityKeys))
  // A key of KMS that the map names is there, as it has to be at AWS.
  const login = accessStage.snowflake
  if (login?.login === 'key-pair' && login.kmsKeyArn !== undefined) {
    parameters.addKey(customerKey(login.kmsKeyArn, location))
  }
  return { ...next, identities }
}
