import type { Denial, NamedPolicy } from '../iam/index.ts'
import type { Deployment } from '../template/index.ts'
import type { ParameterStore } from './parameter-store.ts'
import type { Refusal } from './refusals.ts'

/** One permission that an operation needs. */
export interface Demand {
  readonly action: string
  readonly resource: string
  readonly resourceAccount: string
  readonly resourcePolicy?: NamedPolicy
  /** Condition keys beyond those of every request. */
  readonly context?: Readonly<Record<string, string>>
}

/** What an operation works with. */
export interface Call {
  readonly store: ParameterStore
  readonly place: Deployment['place']
  readonly callerArn: string
  readonly newId: () => string
  /** Asks the caller's policies; a denial ends the request with the refusal made of it. */
  readonly demand: (demand: Demand, refusal: (denial: Denial) => Refusal) => void
  /** The permission for an action of SSM on a parameter, by its ARN. */
  readonly demandOn: (action: string, arn: string) => void
}
