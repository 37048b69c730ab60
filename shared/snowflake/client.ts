import type { KeyObject } from 'node:crypto'

/** A Snowflake client. driver.ts implements it with the official driver. */
export interface SnowflakeClient {
  /**
   * Logs in, runs one statement with a one-row result, and logs out. Nothing continues after it settles.
   * @throws {SnowflakeFailure}
   */
  readonly askOnce: (question: Question) => Promise<Answer>
}

export interface Question {
  readonly connection: ConnectionSettings
  readonly statement: string
  /** Time limit in milliseconds. */
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

/** The credential of the login. */
export type Proof =
  | { readonly kind: 'key-pair'; readonly user: string; readonly privateKey: KeyObject }
  /** The driver reads the AWS credentials from the process environment only. */
  | {
      readonly kind: 'workload-identity'
      readonly webIdentityToken?: true
      readonly impersonate?: readonly string[]
    }

export interface Answer {
  /** By column name. */
  readonly row: Readonly<Record<string, unknown>>
  readonly milliseconds: Readonly<Record<Phase, number>>
}

/** `load`: loading the driver, once per Lambda execution environment. */
export const phases = ['load', 'login', 'query', 'logout'] as const
export type Phase = (typeof phases)[number]

/** The details of a failure, without secrets. */
export interface Evidence {
  readonly phase: Phase
  /** Set on timeout: milliseconds without a response. */
  readonly lateAfter?: number
  /** The driver's error. Server codes are strings of digits, driver codes are numbers. */
  readonly error?: {
    readonly name: string
    readonly message: string
    readonly code?: string
    readonly sqlState?: string
    /** The code of the underlying error: `ECONNREFUSED`. */
    readonly causeCode?: string
  }
  /** The last HTTP response, or the connection error. */
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
    const what = error ? [error.code, error.message].filter(Boolean).join(': ') : `no response for ${lateAfter} ms`
    super(`Snowflake, ${phase}: ${what}${seen ? ` (last seen: ${JSON.stringify(seen)})` : ''}`)
    this.evidence = evidence
  }
}
