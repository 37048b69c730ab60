import type { ServicePackage } from '../osls/package-service.ts'
import type { DeployedStage } from './deployed-stage.ts'

/** Where the service is once it is deployed. */
export interface DeployedService {
  readonly accountId: string
  readonly region: string
  /** The URL at AWS, with the stage. Undefined if the stage has no API, or if it is unknown. */
  readonly apiUrl: string | undefined
  /** Where that is served here; AWS has none. */
  readonly localUrl?: string
}

/** AWS, or the running local stack. */
export interface DeployTarget {
  /** `account 111111111111 in eu-central-1, as arn:…` */
  readonly name: string
  readonly region: string
  /** What is there now; CommandFailure when it could not be replaced. */
  readonly currentStage: () => Promise<DeployedStage | 'not-deployed' | 'unknown'>
  /** Where that is; undefined while nothing is deployed. */
  readonly deployedService: () => Promise<DeployedService | undefined>
  /** Puts the package in its place. */
  readonly deploy: (servicePackage: ServicePackage) => Promise<DeployedService>
}
