export {
  isMissing,
  runOne,
  type SnowflakeConnection,
  StatementRefused,
  type StatementResult,
} from './connection.ts'
export { readConnectionSettings } from './connection-settings.ts'
export { driverConnection } from './driver-connection.ts'
export { localConnection } from './local-connection.ts'
