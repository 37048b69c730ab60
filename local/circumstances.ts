import type { WireAnswer, WireRequest } from './http/index.ts'

/** What something else can stand before. */
export type Service = 'gateway' | 'lambda' | 'snowflake' | 'sts' | 'ssm'

/** Answers in place of the service, or lets the request through. */
export type Instead = (request: WireRequest) => WireAnswer | undefined | Promise<WireAnswer | undefined>

export interface Keys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export interface KeptKeys {
  /** Of the user. */
  readonly own: Keys
  /** Of a session of a role that may do the same. */
  readonly session: Keys
  /** Of a session that has ended. */
  readonly ended: Keys
}

/** What is around the stack and no deployment changes. In a whole world there is nothing of it. */
export interface Circumstances {
  /** Seconds that the clock of everything imitated is ahead of the machine's. */
  readonly clockAhead?: number
  readonly instead?: Readonly<Partial<Record<Service, Instead>>>
  /** What became of the keys of `admin` on this machine, until it takes new ones. */
  readonly kept?: (keys: KeptKeys) => Keys
  /** The service's account does not hand out web identity tokens. */
  readonly federationDisabled?: true
}

/** The circumstances there are now. */
export interface Around {
  readonly now: () => Circumstances
  readonly become: (circumstances: Circumstances) => void
  /** Whatever the machine had kept, it has taken new ones. */
  readonly renewKeys: () => void
  /** Remembers the circumstances, for the function that is returned to put back. */
  readonly snapshot: () => () => void
}

export const createAround = (): Around => {
  let current: Circumstances = {}
  return {
    now: () => current,
    become: (circumstances) => {
      current = circumstances
    },
    renewKeys: () => {
      const { kept, ...others } = current
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

type Answer = (request: WireRequest) => Promise<WireAnswer>

/** The service, behind what stands before it now. */
export const behind =
  (around: Around, service: Service, answer: Answer): Answer =>
  async (request) =>
    (await around.now().instead?.[service]?.(request)) ?? answer(request)
