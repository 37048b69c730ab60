import type { SnowflakeCaller, Stage } from '../../shared/access/index.ts'
import type { ManualChanges } from '../deployment/manual-drift.ts'
import type { ParameterStore } from '../services/ssm/index.ts'
import type { FaultState } from './fault-state.ts'

/** A change of a stage of the access map: the value at the path; without a value, the path is removed. */
export interface MapEdit {
  readonly path: readonly string[]
  readonly value?: unknown
}

export interface FaultMapContext {
  readonly stageName: string
  readonly stage: Stage
}

/** The stack that a fault is injected into. */
export interface FaultContext extends FaultMapContext {
  readonly location: { readonly accountId: string; readonly region: string; readonly partition: string }
  /** The URL at AWS, including the stage. */
  readonly apiUrl: string
}

/** How one fault is injected into a working stack. */
export interface Fault {
  /** Edits of the access map that the fault requires. */
  readonly prerequisites?: (context: FaultMapContext) => readonly MapEdit[]
  /** Edits of the access map, and whether they are deployed. */
  readonly map?: {
    readonly edits: (context: FaultMapContext) => readonly MapEdit[]
    readonly deployed: boolean
  }
  /** Changes in the AWS account, outside of deployments. */
  readonly manualChanges?: (context: FaultContext) => ManualChanges
  /** Statements run in the Snowflake account of the first caller, as ACCOUNTADMIN. */
  readonly sql?: (context: FaultContext) => readonly string[]
  /** Changes in Parameter Store. */
  readonly changeParameters?: (store: ParameterStore, context: FaultContext) => void
  readonly faultState?: (context: FaultContext) => FaultState
  /** The stack is not running. */
  readonly stopped?: true
}

/** The access map has no caller, or no setting, that the fault applies to. */
export class FaultNotApplicable extends Error {
  override readonly name = 'FaultNotApplicable'
}

const firstCaller = <Kind extends 'snowflake' | 'account' | 'direct'>(
  { stage, stageName }: FaultMapContext,
  kind: Kind,
) => {
  for (const [name, caller] of stage.callers) if (caller.kind === kind) return { name, caller }
  throw new FaultNotApplicable(`The stage ${stageName} has no ${kind} caller, which this fault requires.`)
}

export const snowflakeCaller = (
  context: FaultMapContext,
): { readonly name: string; readonly caller: SnowflakeCaller } => {
  const { name, caller } = firstCaller(context, 'snowflake')
  if (caller.kind !== 'snowflake') throw new TypeError(caller.kind)
  return { name, caller }
}

export const accountCaller = (context: FaultMapContext) => firstCaller(context, 'account')
export const directCaller = (context: FaultMapContext) => firstCaller(context, 'direct')

export const loginOf = ({ stage, stageName }: FaultMapContext) => {
  const { snowflake } = stage
  if (!snowflake) throw new FaultNotApplicable(`The stage ${stageName} has no login to Snowflake.`)
  return snowflake
}

export const keyPairOf = (context: FaultMapContext) => {
  const login = loginOf(context)
  if (login.login !== 'key-pair') throw new TypeError('The login must be a key pair login.')
  return login
}

/** The login of the access map, changed to a key pair. */
export const withKeyPair = (context: FaultMapContext): readonly MapEdit[] => {
  const { account, user } = loginOf(context)
  return [{ path: ['snowflake'], value: { account, login: 'key-pair', user } }]
}

/** The login of the access map, changed to a web identity token. */
export const withWebIdentityToken = (context: FaultMapContext): readonly MapEdit[] => {
  const { account, user } = loginOf(context)
  return [{ path: ['snowflake'], value: { account, login: 'workload-identity', user, webIdentityToken: true } }]
}
