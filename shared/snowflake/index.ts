export {
  type Answer,
  type ConnectionSettings,
  type Evidence,
  type Phase,
  type Proof,
  type SnowflakeClient,
  SnowflakeFailure,
} from './client.ts'
export { createDriver } from './driver.ts'
export {
  type KeyPairLogin,
  readLogin,
  type SnowflakeLogin,
  snowflakeUrl,
  type WorkloadIdentityLogin,
  writeLogin,
} from './login.ts'
export { type PublicHalf, publicHalfOf } from './public-half.ts'
