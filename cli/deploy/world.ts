import type { ServicePackage } from '../osls/index.ts'
import type { DeployedStage } from './deployed-stage.ts'

/** Where the service is once it is deployed. */
export interface Deployed {
  readonly accountId: string
  readonly region: string
  /** As AWS would serve it, the stage included. Undefined where the stage has none, or nobody tells it. */
  readonly apiUrl: string | undefined
  /** Where that is served here; AWS has none. */
  readonly localUrl?: string
}

/** AWS, or the running local stack. */
export interface World {
  /** `account 111111111111 in eu-central-1, as arn:…` */
  readonly name: string
  readonly region: string
  /** What is there now; CommandFailure when it could not be replaced. */
  readonly deployed: () => Promise<DeployedStage | 'not-deployed' | 'unknown'>
  /** Where that is; undefined while nothing is deployed. */
  readonly where: () => Promise<Deployed | undefined>
  /** Puts the package in its place. */
  readonly deploy: (servicePackage: ServicePackage) => Promise<Deployed>
}
