import type { KeyObject } from 'node:crypto'

/** A Snowflake client. driver.ts implements it with the official driver. */
export interface SnowflakeClient {
  /**
   * Logs in, runs one statement with a one-row result, and logs out. Nothing continues after it settles.
   * @throws {SnowflakeDriverError}
   */
  readonly runOnce: (query: SingleQuery) => Promise<QueryResult>
}

export interface SingleQuery {
  readonly connection: ConnectionSettings
  readonly statement: string
  /** Time limit in milliseconds. */
  readonly timeoutMs: number
}

export interface ConnectionSettings {
  /** `https://myorg-myaccount.snowflakecomputing.com` */
  readonly url: string
  readonly account: string
  readonly role?: string
  readonly warehouse?: string
  readonly credential: SnowflakeCredential
}

/** The credential of the login. */
export type SnowflakeCredential =
  | { readonly kind: 'key-pair'; readonly user: string; readonly privateKey: KeyObject }
  /** The driver reads the AWS credentials from the process environment only. */
  | {
      readonly kind: 'workload-identity'
      readonly webIdentityToken?: true
      readonly impersonate?: readonly string[]
    }

export interface QueryResult {
  /** By column name. */
  readonly row: Readonly<Record<string, unknown>>
  readonly milliseconds: Readonly<Record<Phase, number>>
}

/** `load`: loading the driver, once per Lambda execution environment. */
export const phases = ['load', 'login', 'query', 'logout'] as const
export type Phase = (typeof phases)[number]

/** The details of a failure, without secrets. */
export interface DriverFailure {
  readonly phase: Phase
  /** Set on timeout: milliseconds without a response. */
  readonly timedOutAfterMs?: number
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
  readonly lastResponse?: {
    readonly status?: number
    readonly contentType?: string
    readonly fault?: string
  }
}

export class SnowflakeDriverError extends Error {
  override readonly name = 'SnowflakeDriverError'
  readonly failure: DriverFailure

  constructor(failure: DriverFailure) {
    const { phase, error, timedOutAfterMs, lastResponse } = failure
    const summary = error
      ? [error.code, error.message].filter(Boolean).join(': ')
      : `no response for ${timedOutAfterMs} ms`
    super(`Snowflake, ${phase}: ${summary}${lastResponse ? ` (last response: ${JSON.stringify(lastResponse)})` : ''}`)
    this.failure = failure
  }
}
