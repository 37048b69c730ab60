import type { Principal } from '../iam/index.ts'
import type { Deployment } from '../template/index.ts'

/** One permission that an operation needs. */
export interface Demand {
  readonly action: string
  readonly resource: string
  /** The account that the resource is of, where it is not the caller's own. */
  readonly resourceAccount?: string
  /** How the service names the resource in its refusal; as its ARN, unless said otherwise. */
  readonly shown?: string
}

/** What an operation works with, once the signature is verified. */
export interface Call {
  readonly caller: Principal
  readonly place: Deployment['place']
  /** What is deployed in the caller's account: nothing, where that is not the service's. */
  readonly deployment: Deployment | undefined
  readonly roleIdOf: (arn: string) => string
  /** Asks the caller's policies; a denial ends the request. */
  readonly demand: (demand: Demand) => void
}

/** What a refused caller reads. */
export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message: string
}

/** Ends a request's way: thrown where it fails, answered and journalled in one place. */
export class Refused {
  readonly refusal: Refusal
  /** For the journal; absent where the steps before say it. */
  readonly because?: string
  readonly remedy?: string

  constructor(refusal: Refusal, { because, remedy }: { because?: string; remedy?: string } = {}) {
    this.refusal = refusal
    if (because !== undefined) this.because = because
    if (remedy !== undefined) this.remedy = remedy
  }
}

/** No answer of AWS. */
export const unsupported = (what: string): Refused =>
  new Refused(
    { status: 501, code: 'LocalUnsupported', message: `The local stack does not imitate ${what}.` },
    { because: `${what} is not imitated` },
  )
