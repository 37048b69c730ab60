import type { WireRequest, WireResponse } from '../http.ts'

/** Services whose responses a fault can override. */
export type OverridableService = 'gateway' | 'lambda' | 'snowflake' | 'sts' | 'ssm'

/** Responds instead of the service, or returns undefined to pass the request on. */
export type ServiceOverride = (request: WireRequest) => WireResponse | undefined | Promise<WireResponse | undefined>

export interface CredentialValues {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface AvailableCredentials {
  /** Of the user. */
  readonly longTerm: CredentialValues
  /** Of a session of a role with the same permissions. */
  readonly session: CredentialValues
  /** Of an expired session. */
  readonly expired: CredentialValues
}

/** Faults outside the deployment: clock, overridden services, credentials. Empty when no fault is injected. */
export interface FaultState {
  /** Seconds by which the stack's clock is ahead of the machine's. */
  readonly clockAheadSeconds?: number
  readonly overrides?: Readonly<Partial<Record<OverridableService, ServiceOverride>>>
  /** Replaces the keys of `admin` on this machine, until they are renewed. */
  readonly adminCredentials?: (keys: AvailableCredentials) => CredentialValues
  /** The service's account does not hand out web identity tokens. */
  readonly federationDisabled?: true
}

/** The fault state in effect. */
export interface ActiveFaults {
  readonly state: () => FaultState
  readonly set: (state: FaultState) => void
  /** The machine has new keys of `admin`. */
  readonly renewAdminCredentials: () => void
  /** Saves the state; the returned function restores it. */
  readonly snapshot: () => () => void
}

export const createActiveFaults = (): ActiveFaults => {
  let current: FaultState = {}
  return {
    state: () => current,
    set: (faultState) => {
      current = faultState
    },
    renewAdminCredentials: () => {
      const { adminCredentials, ...others } = current
      current = others
    },
    snapshot: () => {
      const before = current
      return () => {
        current = before
      }
    },
  }
}

type RequestHandler = (request: WireRequest) => Promise<WireResponse>

/** The service with the faults in effect. */
export const withFaults =
  (activeFaults: ActiveFaults, service: OverridableService, handler: RequestHandler): RequestHandler =>
  async (request) =>
    (await activeFaults.state().overrides?.[service]?.(request)) ?? handler(request)
