import type { SnowflakeCaller, Stage } from '../../shared/access/index.ts'
import type { ByHand } from '../by-hand.ts'
import type { Circumstances } from '../circumstances.ts'
import type { ParameterStore } from '../ssm/index.ts'

/** In a stage of the map: what stands at the path from now on; without a value, nothing does. */
export interface MapEdit {
  readonly path: readonly string[]
  readonly value?: unknown
}

export interface MapScene {
  readonly stageName: string
  readonly stage: Stage
}

/** The whole world that something is to be broken in. */
export interface Scene extends MapScene {
  readonly place: { readonly accountId: string; readonly region: string; readonly partition: string }
  /** As AWS would serve it, the stage included. */
  readonly apiUrl: string
}

/** How one thing is broken in a world that is whole. */
export interface Fault {
  /** What the map has to say besides, so that there is something to break. */
  readonly given?: (scene: MapScene) => readonly MapEdit[]
  /** What is written into the map, and whether that is deployed. */
  readonly map?: {
    readonly edits: (scene: MapScene) => readonly MapEdit[]
    readonly deployed: boolean
  }
  /** What is changed in the account, past the deployment. */
  readonly byHand?: (scene: Scene) => ByHand
  /** What is run in the Snowflake account of the first caller, as ACCOUNTADMIN. */
  readonly sql?: (scene: Scene) => readonly string[]
  /** What is done to Parameter Store. */
  readonly stored?: (store: ParameterStore, scene: Scene) => void
  readonly around?: (scene: Scene) => Circumstances
  /** There is no stack at all. */
  readonly stopped?: true
}

/** The map has nobody, or nothing, that this could be broken for. */
export class NothingToBreak extends Error {
  override readonly name = 'NothingToBreak'
}

const first = <Kind extends 'snowflake' | 'account' | 'direct'>({ stage, stageName }: MapScene, kind: Kind) => {
  for (const [name, caller] of stage.callers) if (caller.kind === kind) return { name, caller }
  throw new NothingToBreak(`The stage ${stageName} has no caller of the kind that this is about: ${kind}.`)
}

export const snowflakeCaller = (scene: MapScene): { readonly name: string; readonly caller: SnowflakeCaller } => {
  const { name, caller } = first(scene, 'snowflake')
  if (caller.kind !== 'snowflake') throw new TypeError(caller.kind)
  return { name, caller }
}

export const accountCaller = (scene: MapScene) => first(scene, 'account')
export const directCaller = (scene: MapScene) => first(scene, 'direct')

export const loginOf = ({ stage, stageName }: MapScene) => {
  const { snowflake } = stage
  if (!snowflake) throw new NothingToBreak(`The stage ${stageName} says nothing of a login to Snowflake.`)
  return snowflake
}

export const keyPairOf = (scene: MapScene) => {
  const login = loginOf(scene)
  if (login.login !== 'key-pair') throw new TypeError('The login of the scene is to be one by key pair.')
  return login
}

/** The map's login, by a key pair. */
export const withKeyPair = (scene: MapScene): readonly MapEdit[] => {
  const { account, user } = loginOf(scene)
  return [{ path: ['snowflake'], value: { account, login: 'key-pair', user } }]
}

/** The map's login, by a web identity token. */
export const withWebIdentityToken = (scene: MapScene): readonly MapEdit[] => {
  const { account, user } = loginOf(scene)
  return [{ path: ['snowflake'], value: { account, login: 'workload-identity', user, webIdentityToken: true } }]
}
