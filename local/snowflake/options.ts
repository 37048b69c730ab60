import type { AwsCredentials, Sleep, Transport } from './caller/index.ts'
import type { RunUdf } from './udf.ts'

export interface SnowflakeOptions {
  /** Its locator, `ABC12345`, as CURRENT_ACCOUNT shows it. */
  readonly account: string
  /** `MYORG` and `MYACCOUNT` of the identifier `myorg-myaccount`. */
  readonly organizationName: string
  readonly accountName: string
  /** The AWS region that the account lives in. */
  readonly region: string
  /** The IAM user that Snowflake keeps for the account; its keys sign AssumeRole. */
  readonly iamUser: { readonly arn: string; readonly credentials: AwsCredentials }
  /** Drawn for each integration when it is created, and again when it is replaced. */
  readonly newExternalId: (integration: string) => string
  readonly sts: { readonly endpoint: string; readonly region: string }
  readonly transport: Transport
  /** Where the URL of an API is served here; undefined where nothing answers it. */
  readonly resolve: (url: URL) => URL | undefined
  readonly now: () => Date
  /** Rejects or returns early when the signal is aborted. */
  readonly sleep: Sleep
  /** For query and session ids. */
  readonly newId: () => string
  /** Retries and polls, a line each. */
  readonly print: (line: string) => void
  /** Without one, Python functions can be created and not called. */
  readonly runUdf?: RunUdf
}
