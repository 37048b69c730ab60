export { isSnowflakePath } from './driver-protocol.ts'
export type { ServerAccount } from './login.ts'
export { createSnowflakeServer, type SnowflakeServerOptions } from './snowflake-server.ts'
export type { IssuerKey } from './web-identity-token.ts'
