export { createDriverClient } from './driver.ts'
export {
  type KeyPairLogin,
  parseLoginVariables,
  type SnowflakeLogin,
  snowflakeUrl,
  toLoginVariables,
  type WorkloadIdentityLogin,
} from './login-variables.ts'
export { type SnowflakePublicKey, toSnowflakePublicKey } from './public-key.ts'
export {
  type ConnectionSettings,
  type DriverFailure,
  type Phase,
  type QueryResult,
  type SnowflakeClient,
  type SnowflakeCredential,
  SnowflakeDriverError,
} from './snowflake-client.ts'
