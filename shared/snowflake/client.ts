import type { KeyObject } from 'node:crypto'

/** A client of Snowflake's, behind which stands the official driver; another one could. */
export interface SnowflakeClient {
  /**
   * Logs in anew, runs one statement of one row, and logs out. After an answer or a failure nothing of it goes on.
   * @throws {SnowflakeFailure}
   */
  readonly askOnce: (question: Question) => Promise<Answer>
}

export interface Question {
  readonly connection: ConnectionSettings
  readonly statement: string
  /** Until when there is time, in milliseconds from now. */
  readonly within: number
}

export interface ConnectionSettings {
  /** `https://myorg-myaccount.snowflakecomputing.com` */
  readonly url: string
  readonly account: string
  readonly role?: string
  readonly warehouse?: string
  readonly proof: Proof
}

/** What the login is proved with. */
export type Proof =
  | { readonly kind: 'key-pair'; readonly user: string; readonly privateKey: KeyObject }
  /** The credentials come from the environment of the process: the driver takes them from nowhere else. */
  | {
      readonly kind: 'workload-identity'
      readonly webIdentityToken?: true
      readonly impersonate?: readonly string[]
    }

export interface Answer {
  /** By the names of the columns. */
  readonly row: Readonly<Record<string, unknown>>
  readonly milliseconds: Readonly<Record<Phase, number>>
}

/** `load`: the driver itself, once for an environment of Lambda. */
export const phases = ['load', 'login', 'query', 'logout'] as const
export type Phase = (typeof phases)[number]

/** What is known of a failure, secrets left out. */
export interface Evidence {
  readonly phase: Phase
  /** No answer when the time was over, after so many milliseconds. */
  readonly lateAfter?: number
  /** The error as the driver gave it: a server's codes are texts of digits, the driver's own are numbers. */
  readonly error?: {
    readonly name: string
    readonly message: string
    readonly code?: string
    readonly sqlState?: string
    /** Of what the driver caught: `ECONNREFUSED`. */
    readonly causeCode?: string
  }
  /** The last answer on the wire, or the fault of the connection, whatever the driver made of it. */
  readonly seen?: {
    readonly status?: number
    readonly contentType?: string
    readonly fault?: string
  }
}

export class SnowflakeFailure extends Error {
  override readonly name = 'SnowflakeFailure'
  readonly evidence: Evidence

  constructor(evidence: Evidence) {
    const { phase, error, lateAfter, seen } = evidence
    const what = error ? [error.code, error.message].filter(Boolean).join(': ') : `no answer for ${lateAfter} ms`
    super(`Snowflake, ${phase}: ${what}${seen ? ` (last seen: ${JSON.stringify(seen)})` : ''}`)
    this.evidence = evidence
  }
}
