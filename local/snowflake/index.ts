export type { Bind } from './binds.ts'
export { type AwsCredentials, httpTransport, type Sleep, type Transport } from './caller/index.ts'
export {
  admitsAddress,
  admitsLogin,
  type HeldIdentity,
  isSame,
  type SnowflakeUser,
  type WorkloadIdentity,
} from './catalogue/index.ts'
export { LocalLimit, SnowflakeError } from './errors.ts'
export type { LoginFailure } from './login-failures.ts'
export type { SnowflakeOptions } from './options.ts'
export type { Frame } from './query/index.ts'
export type { ResultSet } from './result-set.ts'
export { createSnowflake, type Outcome, type Snowflake, type SnowflakeSession, type Who } from './snowflake.ts'
export type { RunUdf, Udf, UdfRun } from './udf.ts'
export { instantOf, isInstant, type Moment, type SnowflakeType, text, toText, type Value } from './values/index.ts'
