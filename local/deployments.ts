import type { ByHand } from './by-hand.ts'
import { type Deployed, elsewhere, prepareDeployment } from './deployed.ts'
import { type DeploymentPackage, openDeploymentPackage } from './deployment-package.ts'
import { createParties, localSnowflakeKey, type Party } from './identities/index.ts'
import { customerKey } from './ssm/index.ts'
import type { World } from './world.ts'

/** What the stack is asked to be from now on. */
export interface DeploymentOrder {
  /** The folder that `osls package` filled. */
  readonly packageDirectory: string
  /** The trust map the template was compiled from: it says whom the stack can play. */
  readonly accessMapPath: string
  /** The stage that is meant; absent: the one that the stack plays. */
  readonly stage?: string
}

export interface Current extends Deployed {
  readonly parties: readonly Party[]
}

export interface Deployments {
  readonly current: () => Current
  /** What it makes takes the place of what is there; when it throws, nothing has changed. One after the other. */
  readonly deploy: (order: DeploymentOrder) => Promise<Current>
  /**
   * Changes something by hand in what is deployed. The function that it returns makes current again what was before, whatever
   * was deployed since; until then that is kept ready, with its functions.
   */
  readonly change: (byHand: ByHand) => Promise<() => Promise<void>>
  readonly stop: () => Promise<void>
}

/** Takes the first package over. */
export const startDeployments = async (
  first: DeploymentPackage,
  accessMapPath: string,
  world: World,
): Promise<Deployments> => {
  const leaving = new Set<Deployed>()
  let baseline: Deployed | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let current = await makeRoom(await prepareDeployment(first, accessMapPath, world), world)

  const replace = async (order: DeploymentOrder): Promise<Current> => {
    const { stage } = current.deployment.api
    if (order.stage !== undefined && order.stage !== stage) throw elsewhere('stage', order.stage, stage)
    const opened = await openDeploymentPackage(order.packageDirectory)
    const prepared = await prepareDeployment(opened, order.accessMapPath, world, {
      stageOfWorld: stage,
    })
    const before = current
    current = await makeRoom(prepared, world)
    leaveBehind(before)
    return current
  }
  const change = async (byHand: ByHand) => {
    const before = current
    current = await makeRoom(await before.changedBy(byHand), world)
    baseline = before
    return () => inTurn(() => restore(before))
  }
  const restore = async (wanted: Deployed): Promise<void> => {
    const before = current
    current = await makeRoom(wanted, world)
    baseline = undefined
    leaveBehind(before)
  }
  const leaveBehind = (before: Deployed): void => {
    leaving.add(before)
    leave(before).catch((error: unknown) => world.print(`    what was deployed before did not end well: ${error}`))
  }
  /** Requests in flight end where they began, and the tables that nobody wants any more outlive them. */
  const leave = async (before: Deployed): Promise<void> => {
    await before.retire()
    leaving.delete(before)
    const wanted = () => [current, ...kept()].flatMap(({ deployment }) => deployment.tables)
    turn = turn.then(() => world.dynamodb.keep(wanted()))
    await turn
  }

  /** What is not current and not stopped either. */
  const kept = () => [...leaving, ...(baseline ? [baseline] : [])]
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const working = turn.then(work)
    turn = working.catch(() => undefined)
    return working
  }

  return {
    current: () => current,
    deploy: (order) => inTurn(() => replace(order)),
    change: (byHand) => inTurn(() => change(byHand)),
    stop: async () => {
      await turn
      await Promise.all([current, ...kept()].map(({ stop }) => stop()))
    },
  }
}

/** Last steps: tables first, which may fail; from then on the world knows the new roles, accounts and parties. */
const makeRoom = async (next: Deployed, world: World): Promise<Current> => {
  const { accessMap, deployment, map, roles, written } = next
  try {
    await world.dynamodb.add(deployment.tables)
  } catch (error) {
    await next.stop()
    throw error
  }
  const { keyRing, parameters, partyKeys, place, snowflakeAccounts } = world
  keyRing.replaceRoles(roles)
  const parties = createParties({
    accessMap,
    deployment: written,
    keys: partyKeys,
    snowflakeUserOf: snowflakeAccounts.userOf,
  })
  snowflakeAccounts.admit(map, parties, () => localSnowflakeKey(place.partition, partyKeys))
  // A key of KMS that the map names is there, as it has to be at AWS.
  const login = map.snowflake
  if (login?.login === 'key-pair' && login.kmsKeyArn !== undefined) {
    parameters.addKey(customerKey(login.kmsKeyArn, place))
  }
  return { ...next, parties }
}
